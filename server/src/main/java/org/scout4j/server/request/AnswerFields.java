package org.scout4j.server.request;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import tools.jackson.databind.JsonNode;

/** The fields that say how an answer is made, for chat and text completions alike. */
public final class AnswerFields {
    private static final int MOST_STOPS = 4;
    private static final int LONGEST_STOP = 1_024; // spec "Reliability" L-15
    private static final int MOST_STOP_TOKENS = 64;
    private static final int MOST_BIASES = 1_024;
    private static final int LONGEST_TOKEN_ID = 9; // digits

    private AnswerFields() {}

    /**
     * Adds them.
     *
     * @param answer where a draft keeps what is said about the answer
     */
    public static <T> void addTo(
            FieldTable<T> table,
            Function<T, AnswerDraft> answer,
            SamplingRanges ranges,
            int mostChoices) {
        sampling(new Adder<>(table, answer), ranges);
        delivery(new Adder<>(table, answer), mostChoices);
    }

    private record Adder<T>(FieldTable<T> table, Function<T, AnswerDraft> answer) {
        void add(String name, FieldTable.Reader<AnswerDraft> reader) {
            table.field(name, (draft, value) -> reader.read(answer.apply(draft), value));
        }
    }

    private static void sampling(Adder<?> to, SamplingRanges ranges) {
        to.add(
                "temperature",
                (draft, value) -> {
                    float temperature = (float) value.number(0, ranges.mostTemperature());
                    draft.options().sampling(s -> s.temperature(temperature));
                });
        to.add(
                "top_p",
                (draft, value) -> {
                    float topP = (float) Math.min(1, value.number(0, ranges.mostTopP()));
                    draft.options().sampling(s -> s.topP(topP));
                });
        to.add(
                "top_k",
                (draft, value) -> {
                    long topK = value.integer(ranges.leastTopK(), ranges.mostTopK());
                    draft.options().sampling(s -> s.topK((int) Math.max(0, topK)));
                });
        to.add(
                "min_p",
                (draft, value) -> {
                    float minP = (float) value.number(0, 1);
                    draft.options().sampling(s -> s.minP(minP));
                });
        to.add(
                "frequency_penalty",
                (draft, value) -> {
                    float penalty = (float) value.number(ranges.leastPenalty(), 2);
                    draft.options().sampling(s -> s.frequencyPenalty(penalty));
                });
        to.add(
                "presence_penalty",
                (draft, value) -> {
                    float penalty = (float) value.number(ranges.leastPenalty(), 2);
                    draft.options().sampling(s -> s.presencePenalty(penalty));
                });
        to.add(
                "repetition_penalty",
                (draft, value) -> {
                    float penalty = (float) value.number(0, 2);
                    draft.options().sampling(s -> s.repetitionPenalty(penalty == 0 ? 1 : penalty));
                });
        to.add(
                "seed",
                (draft, value) ->
                        draft.seed(value.integer(ranges.leastSeed(), ranges.mostSeed())));
        to.add("logit_bias", AnswerFields::logitBias);
    }

    private static void delivery(Adder<?> to, int mostChoices) {
        to.add(
                "max_tokens",
                (draft, value) -> draft.maxTokens(clipped(value.integer(1, Long.MAX_VALUE))));
        to.add("stop", AnswerFields::stop);
        to.add(
                "include_stop_str_in_output",
                (draft, value) -> draft.options().includeStop(value.flag()));
        to.add("stop_token_ids", AnswerFields::stopTokens);
        to.add(
                "n", (draft, value) -> draft.choices((int) value.integer(1, mostChoices)));
        to.add("stream", (draft, value) -> draft.stream(value.flag()));
        to.add("stream_options", AnswerFields::streamOptions);
        to.add(
                "options",
                (draft, value) ->
                        value.field("rejectIfBusy")
                                .ifPresent(reject -> draft.rejectIfBusy(reject.flag())));
    }

    /** Adds the log-probabilities of chat, and the newer name of the limit. */
    public static <T> void addChatTo(FieldTable<T> table, Function<T, AnswerDraft> answer) {
        Adder<T> to = new Adder<>(table, answer);
        to.add("logprobs", (draft, value) -> draft.logprobs(value.flag()));
        to.add(
                "top_logprobs",
                (draft, value) -> draft.topLogprobs((int) value.integer(0, 20)));
        to.add(
                "max_completion_tokens",
                (draft, value) ->
                        draft.maxCompletionTokens(clipped(value.integer(1, Long.MAX_VALUE))));
    }

    /** Adds the log-probabilities of text completions: how many alternatives. */
    public static <T> void addTextTo(FieldTable<T> table, Function<T, AnswerDraft> answer) {
        new Adder<>(table, answer)
                .add(
                        "logprobs",
                        (draft, value) -> {
                            draft.topLogprobs((int) value.integer(0, 5));
                            draft.logprobs(true);
                        });
    }

    /** No context is longer than an int, and the engine cuts the limit to its context. */
    private static int clipped(long tokens) {
        return (int) Math.min(tokens, Integer.MAX_VALUE);
    }

    private static void stop(AnswerDraft draft, JsonValue value) {
        if (value.node().isString()) {
            addStop(draft, value);
            return;
        }
        if (!value.node().isArray() || value.node().size() > MOST_STOPS) {
            throw value.invalid("must be a string or a list of at most 4 strings");
        }
        for (JsonNode text : value.node()) {
            addStop(draft, new JsonValue(value.param(), text));
        }
    }

    private static void addStop(AnswerDraft draft, JsonValue value) {
        String text = value.string();
        if (text.isEmpty() || text.length() > LONGEST_STOP) {
            throw value.invalid("must have 1 to " + LONGEST_STOP + " characters each");
        }
        draft.options().stop(text);
    }

    private static void stopTokens(AnswerDraft draft, JsonValue value) {
        for (JsonValue token : value.items(0, MOST_STOP_TOKENS)) {
            draft.options()
                    .stopToken(
                            (int)
                                    token.as(value.param())
                                            .integer(0, draft.vocabulary() - 1L));
        }
    }

    private static void logitBias(AnswerDraft draft, JsonValue value) {
        if (value.object().node().size() > MOST_BIASES) {
            throw value.invalid("must have at most " + MOST_BIASES + " entries");
        }
        for (Map.Entry<String, JsonNode> entry : value.node().properties()) {
            int token = tokenId(entry.getKey(), draft.vocabulary(), value);
            float bias =
                    (float) new JsonValue(value.param(), entry.getValue()).number(-100, 100);
            draft.options().sampling(s -> s.logitBias(token, bias));
        }
    }

    private static int tokenId(String digits, int vocabulary, JsonValue value) {
        boolean number =
                !digits.isEmpty()
                        && digits.length() <= LONGEST_TOKEN_ID
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int token = number ? Integer.parseInt(digits) : vocabulary;
        if (token >= vocabulary) {
            throw contradiction(
                    value.param(),
                    "'logit_bias' names token '"
                            + Problems.quoted(digits)
                            + "'; token ids are 0 to "
                            + (vocabulary - 1)
                            + ".");
        }
        return token;
    }

    private static void streamOptions(AnswerDraft draft, JsonValue value) {
        boolean usage = value.field("include_usage").map(JsonValue::flag).orElse(false);
        boolean padding = value.field("include_obfuscation").map(JsonValue::flag).orElse(false);
        draft.streamOptions(usage, padding);
    }

    /** A problem of more than one value. */
    static ProblemException contradiction(String param, String message) {
        return new ProblemException(Problems.invalid(param, null, message));
    }
}
