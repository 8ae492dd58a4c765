package org.scout4j.sampling;

import java.util.Arrays;

/**
 * Keeps the smallest set of candidates whose probability reaches p, the most likely first, lower id
 * first among equals, and at least one (Holtzman et al., "The Curious Case of Neural Text
 * Degeneration", 2020, §3.1). Probabilities are relative to the candidates that earlier filters
 * left; the set ends with the first candidate at which the running sum, added up in that order, is
 * at least p times the sum of all weights.
 *
 * @param p from 0 to below 1
 */
record TopP(float p) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        row.weigh();
        double total = row.totalWeight();
        int likely = collectLikely(row, total);
        long[] keys = row.keys();
        Arrays.sort(keys, 0, likely);
        double sum = row.weight((int) keys[0]);
        int last = 0;
        while (sum < p * total && last + 1 < likely) {
            sum += row.weight((int) keys[++last]);
        }
        long border = keys[last];
        int kept = 0;
        for (int i = 0; i < row.count(); i++) {
            if (key(row, i) <= border) {
                row.move(i, kept++);
            }
        }
        row.truncate(kept);
    }

    /**
     * Gathers the keys of the candidates that can belong to the set, so that few need sorting.
     * Those below half of {@code (1 − p) / count} cannot: all of them together do not make up the
     * {@code 1 − p} that stays outside, and the other half is more than sums can be off by.
     */
    private int collectLikely(LogitRow row, double total) {
        double least = 0.5 * (1 - (double) p) * total / row.count();
        long[] keys = row.keys();
        int likely = 0;
        for (int i = 0; i < row.count(); i++) {
            if (row.weight(i) >= least) {
                keys[likely++] = key(row, i);
            }
        }
        return likely;
    }

    /** Ascends as candidates get less likely; the index, in id order, decides among equals. */
    private static long key(LogitRow row, int index) {
        return ((long) ~row.rank(index) << Integer.SIZE) | index;
    }
}
