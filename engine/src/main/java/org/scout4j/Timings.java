package org.scout4j;

import java.time.Duration;

/**
 * Where the time of a request went.
 *
 * @param queued from submission to the first step
 * @param prefill from the first step to the first token
 * @param decode from the first token to the end
 */
public record Timings(Duration queued, Duration prefill, Duration decode) {

    /** Time to the first token. */
    public Duration firstToken() {
        return queued.plus(prefill);
    }

    /** Tokens a second over a duration; 0 when nothing was measured. */
    public static double rate(int tokens, Duration duration) {
        return duration.isZero() ? 0 : tokens / (duration.toNanos() / 1e9);
    }
}
