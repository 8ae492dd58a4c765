package org.scout4j.engine;

import java.time.Duration;

/**
 * One generation from submission to end.
 *
 * @param promptTokens tokens of the prompt
 * @param cachedTokens those of them taken from the prefix cache
 * @param generatedTokens tokens chosen, the stop token included
 * @param queued from submission to the first step, or to the end if it never ran
 * @param prefill from the first step to the first token, or to the end
 * @param decode from the first token to the end
 */
public record GenerationReport(
        Outcome outcome,
        int promptTokens,
        int cachedTokens,
        int generatedTokens,
        Duration queued,
        Duration prefill,
        Duration decode) {

    /** How a generation ended. */
    public enum Outcome {
        STOP,
        LENGTH,
        CANCELLED,
        TIMED_OUT,
        FAILED
    }
}
