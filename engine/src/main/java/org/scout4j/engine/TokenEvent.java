package org.scout4j.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.scout4j.sampling.TokenLogprobs;

/** What happens in a generation, in order: prefill, tokens, end. */
public sealed interface TokenEvent {

    /**
     * Part of the prompt has been computed.
     *
     * @param done prompt tokens computed so far
     * @param total prompt tokens
     */
    record Prefill(int done, int total) implements TokenEvent {}

    /** A token of the prompt, reported only when its log-probabilities were asked for. */
    record PromptToken(int token, @Nullable TokenLogprobs logprobs) implements TokenEvent {}

    /** A generated token. */
    record Token(int token, @Nullable TokenLogprobs logprobs) implements TokenEvent {}

    /**
     * The end.
     *
     * @param stopToken the token that ended it, or −1
     * @param cachedTokens prompt tokens taken from the prefix cache
     * @param generatedTokens tokens chosen, the stop token included
     * @param queued from submission to the first step
     * @param prefill from the first step to the first token
     * @param decode from the first token to the end
     */
    record Finished(
            FinishReason reason,
            int stopToken,
            int promptTokens,
            int cachedTokens,
            int generatedTokens,
            Duration queued,
            Duration prefill,
            Duration decode)
            implements TokenEvent {}

    /** Why a generation ended. */
    enum FinishReason {
        /** A stop token. */
        STOP,
        /** The most tokens allowed. */
        LENGTH
    }
}
