package org.scout4j.server.request;

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
        FieldTable<AnswerDraft> fields = new FieldTable<>();
        sampling(fields, ranges);
        delivery(fields, mostChoices);
        table.under(answer, fields);
    }

    private static void sampling(FieldTable<AnswerDraft> to, SamplingRanges ranges) {
        to.field(
                "temperature",
                (draft, value) -> {
                    float temperature = (float) value.number(0, ranges.mostTemperature());
                    draft.options().sampling(s -> s.temperature(temperature));
                });
        to.field(
                "top_p",
                (draft, value) -> {
                    float topP = (float) Math.min(1, value.number(0, ranges.mostTopP()));
                    draft.options().sampling(s -> s.topP(topP));
                });
        to.field(
                "top_k",
                (draft, value) -> {
                    long topK = value.integer(ranges.leastTopK(), ranges.mostTopK());
                    draft.options().sampling(s -> s.topK((int) Math.max(0, topK)));
                });
        to.field(
                "min_p",
                (draft, value) -> {
                    float minP = (float) value.number(0, 1);
                    draft.options().sampling(s -> s.minP(minP));
                });
        to.field(
                "frequency_penalty",
                (draft, value) -> {
                    float penalty = (float) value.number(ranges.leastPenalty(), 2);
                    draft.options().sampling(s -> s.frequencyPenalty(penalty));
                });
        to.field(
                "presence_penalty",
                (draft, value) -> {
                    float penalty = (float) value.number(ranges.leastPenalty(), 2);
                    draft.options().sampling(s -> s.presencePenalty(penalty));
                });
        to.field(
                "repetition_penalty",
                (draft, value) -> {
                    float penalty = (float) value.number(0, 2);
                    draft.options().sampling(s -> s.repetitionPenalty(penalty == 0 ? 1 : penalty));
                });
        to.field(
                "seed",
                (draft, value) -> draft.seed(value.integer(ranges.leastSeed(), ranges.mostSeed())));
        to.field("logit_bias", AnswerFields::logitBias);
    }

    private static void delivery(FieldTable<AnswerDraft> to, int mostChoices) {
        to.field(
                "max_tokens",
                (draft, value) -> draft.maxTokens(clipped(value.integer(1, Long.MAX_VALUE))));
        to.field("stop", AnswerFields::stop);
        to.field(
                "include_stop_str_in_output",
                (draft, value) -> draft.options().includeStop(value.flag()));
        to.field("stop_token_ids", AnswerFields::stopTokens);
        to.field("ignore_eos", (draft, value) -> draft.options().ignoreEos(value.flag()));
        to.field("n", (draft, value) -> draft.choices((int) value.integer(1, mostChoices)));
        to.field("stream", (draft, value) -> draft.stream(value.flag()));
        to.field("stream_options", AnswerFields::streamOptions);
        to.field(
                "options",
                (draft, value) ->
                        value.field("rejectIfBusy")
                                .ifPresent(reject -> draft.rejectIfBusy(reject.flag())));
    }

    /** Adds the log-probabilities of chat, and the newer name of the limit. */
    public static <T> void addChatTo(FieldTable<T> table, Function<T, AnswerDraft> answer) {
        FieldTable<AnswerDraft> to = new FieldTable<>();
        to.field("logprobs", (draft, value) -> draft.logprobs(value.flag()));
        to.field("top_logprobs", (draft, value) -> draft.topLogprobs((int) value.integer(0, 20)));
        to.field(
                "max_completion_tokens",
                (draft, value) ->
                        draft.maxCompletionTokens(clipped(value.integer(1, Long.MAX_VALUE))));
        table.under(answer, to);
    }

    /** Adds the log-probabilities of text completions: how many alternatives. */
    public static <T> void addTextTo(FieldTable<T> table, Function<T, AnswerDraft> answer) {
        FieldTable<AnswerDraft> to = new FieldTable<>();
        to.field(
                "logprobs",
                (draft, value) -> {
                    draft.topLogprobs((int) value.integer(0, 5));
                    draft.logprobs(true);
                });
        table.under(answer, to);
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
                    .stopToken((int) token.as(value.param()).integer(0, draft.vocabulary() - 1L));
        }
    }

    private static void logitBias(AnswerDraft draft, JsonValue value) {
        if (value.object().node().size() > MOST_BIASES) {
            throw value.invalid("must have at most " + MOST_BIASES + " entries");
        }
        for (Map.Entry<String, JsonNode> entry : value.node().properties()) {
            int token = tokenId(entry.getKey(), draft.vocabulary(), value);
            float bias = (float) new JsonValue(value.param(), entry.getValue()).number(-100, 100);
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
        boolean padding =
                value.field("include_obfuscation").map(JsonValue::flag).orElse(draft.obfuscated());
        draft.streamOptions(usage, padding);
    }

    /** A problem of more than one value. */
    static ProblemException contradiction(String param, String message) {
        return new ProblemException(Problems.invalid(param, null, message));
    }
}
