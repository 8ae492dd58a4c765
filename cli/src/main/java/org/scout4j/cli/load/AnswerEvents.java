package org.scout4j.cli.load;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scout4j.cli.load.Outcome.Fault;
import org.scout4j.cli.load.Outcome.Usage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the events of one answer said, in OpenAI's form of either endpoint. */
final class AnswerEvents {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private long[] contents = new long[64];
    private int pieces;
    private @Nullable Usage usage;
    private @Nullable String finish;
    private @Nullable Fault fault;

    /**
     * Takes one event.
     *
     * @param time when it came
     */
    void accept(String data, long time) {
        JsonNode event;
        try {
            event = MAPPER.readTree(data);
        } catch (JacksonException e) {
            fail(new Fault(Fault.MALFORMED, "an event is not JSON"));
            return;
        }
        JsonNode error = event.path("error");
        if (!error.isMissingNode() && !error.isNull()) {
            fail(new Fault(Fault.ERROR_EVENT, PlainWords.ofError(event)));
            return;
        }
        for (JsonNode choice : event.path("choices")) {
            if (hasText(choice)) {
                piece(time);
            }
            finish = choice.path("finish_reason").stringValue(finish);
        }
        JsonNode counts = event.path("usage");
        if (counts.isObject()) {
            JsonNode cached = counts.path("prompt_tokens_details").path("cached_tokens");
            usage =
                    new Usage(
                            counts.path("prompt_tokens").intValue(0),
                            counts.path("completion_tokens").intValue(0),
                            cached.isInt() ? (Integer) cached.intValue() : null);
        }
    }

    /** A piece of the answer, or of the thoughts before it, by any of the names in use. */
    private static boolean hasText(JsonNode choice) {
        JsonNode delta = choice.path("delta");
        return present(choice.path("text"))
                || present(delta.path("content"))
                || present(delta.path("reasoning_content"))
                || present(delta.path("reasoning"))
                || delta.path("tool_calls").size() > 0;
    }

    private static boolean present(JsonNode text) {
        return !text.stringValue("").isEmpty();
    }

    private void piece(long time) {
        if (pieces == contents.length) {
            contents = Arrays.copyOf(contents, pieces * 2);
        }
        contents[pieces++] = time;
    }

    private void fail(Fault first) {
        if (fault == null) {
            fault = first;
        }
    }

    long[] contents() {
        return Arrays.copyOf(contents, pieces);
    }

    @Nullable Usage usage() {
        return usage;
    }

    @Nullable String finish() {
        return finish;
    }

    /**
     * What is wrong with an answer whose stream has ended, or null.
     *
     * @param done whether the stream said that it was complete
     * @param asked the most tokens that it may have
     */
    @Nullable Fault verdict(boolean done, int asked) {
        if (fault != null) {
            return fault;
        }
        if (!done) {
            return new Fault(Fault.NO_DONE, "the stream ended without [DONE]");
        }
        if (usage == null) {
            return pieces > 0 ? null : new Fault(Fault.NO_CONTENT, "the answer was empty");
        }
        // Text held back for a stop text may come as one more piece at the end.
        boolean tooMany = usage.completion() > asked;
        boolean tooFew = pieces > usage.completion() + 1;
        if (tooMany || tooFew) {
            return new Fault(
                    Fault.USAGE_MISMATCH,
                    "usage tells "
                            + usage.completion()
                            + " tokens for "
                            + pieces
                            + " pieces of text and at most "
                            + asked
                            + " tokens asked for");
        }
        // An answer may consist of tokens without text, a stop token for example.
        return pieces > 0 || usage.completion() > 0
                ? null
                : new Fault(Fault.NO_CONTENT, "the answer was empty");
    }
}
