package org.scout4j;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.scout4j.sampling.TokenLogprobs;

/**
 * What happens while an answer is made. Not sealed: kinds may be added in a minor release, so a
 * switch over it has a default.
 */
public interface ChatEvent {

    /**
     * Part of the prompt has been read.
     *
     * @param done prompt tokens computed so far
     * @param total prompt tokens
     */
    record Prefill(int done, int total) implements ChatEvent {}

    /**
     * A token of the prompt; only when its log-probabilities were asked for.
     *
     * @param logprobs null for the first token, which nothing precedes
     */
    record PromptToken(int token, @Nullable TokenLogprobs logprobs) implements ChatEvent {}

    /**
     * More of the answer, in whole characters.
     *
     * @param text what to append; empty when tokens are no text, or part of a call, but their
     *     log-probabilities were asked for
     * @param logprobs of the tokens since the last event, if asked for
     */
    record Text(String text, List<TokenLogprobs> logprobs) implements ChatEvent {
        public Text {
            logprobs = List.copyOf(logprobs);
        }
    }

    /**
     * The model calls a tool.
     *
     * @param index 0 for the first call of the answer
     * @param id what the call's result refers to
     */
    record ToolCallStarted(int index, String id, String name) implements ChatEvent {}

    /**
     * More of a call's arguments.
     *
     * @param piece what to append to one JSON object; incomplete at the end if the answer was cut
     */
    record ToolCallArguments(int index, String piece) implements ChatEvent {}

    /**
     * A call has been answered by a {@link ToolBox}; the model goes on with it.
     *
     * @param id of the call
     * @param content what the model is told
     */
    record ToolResult(String id, String content) implements ChatEvent {}

    /**
     * The end of the answer.
     *
     * @param stopToken the token that ended it, if one did
     * @param stopString the stop string that ended it, if one did
     */
    record Finished(
            FinishReason reason,
            OptionalInt stopToken,
            @Nullable String stopString,
            Usage usage,
            Timings timings)
            implements ChatEvent {}
}
