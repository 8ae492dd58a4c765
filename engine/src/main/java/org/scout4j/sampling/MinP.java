package org.scout4j.sampling;

/**
 * Keeps the candidates whose probability is at least {@code share} times that of the most likely
 * one, which always stays (Nguyen et al., "Turning Up the Heat: Min-p Sampling", 2024).
 *
 * @param share above 0, at most 1
 */
record MinP(float share) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        row.weigh();
        int kept = 0;
        for (int i = 0; i < row.count(); i++) {
            // The best candidate is never removed by a filter, and its weight is 1.
            if (row.weight(i) >= share) {
                row.move(i, kept++);
            }
        }
        row.truncate(kept);
    }
}
