package org.scout4j.sampling;

/**
 * Keeps the smallest set of candidates whose probability reaches p, the most likely first, lower id
 * first among equals, and at least one (Holtzman et al., "The Curious Case of Neural Text
 * Degeneration", 2020, §3.1). Probabilities are relative to the candidates that earlier filters
 * left.
 *
 * @param p from 0 to below 1
 */
record TopP(float p) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        long wanted = (long) Math.ceil((double) p * row.totalWeight());
        row.keepBestWeighing(Math.max(1, wanted));
    }
}
