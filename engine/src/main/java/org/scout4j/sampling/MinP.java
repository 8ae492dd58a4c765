package org.scout4j.sampling;

/**
 * Keeps the candidates whose probability is at least {@code share} times that of the most likely
 * one, which no filter removes (Nguyen et al., "Turning Up the Heat: Min-p Sampling", 2024).
 *
 * @param share above 0, at most 1
 */
record MinP(float share) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        row.keepWeightsFrom((double) share * LogitRow.BEST_WEIGHT);
    }
}
