package org.scout4j.sampling;

/**
 * Keeps the k candidates with the largest logits, exactly k if there are as many: among equals at
 * the border the lower ids stay.
 *
 * @param k at least 1
 */
record TopK(int k) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        row.keepBest(k);
    }
}
