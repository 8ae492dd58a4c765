package org.scout4j.sampling;

import java.util.Arrays;

/**
 * Keeps the k candidates with the largest logits, exactly k if there are as many: among equals at
 * the border the lower ids stay.
 *
 * @param k at least 1
 */
record TopK(int k) implements LogitProcessor {
    private static final int DIGIT_BITS = 8;
    private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;

    @Override
    public void apply(LogitRow row, TokenHistory history) {
        if (k >= row.count()) {
            return;
        }
        int border = border(row);
        int equals = k;
        for (int i = 0; i < row.count(); i++) {
            if (row.rank(i) > border) {
                equals--;
            }
        }
        int kept = 0;
        for (int i = 0; i < row.count(); i++) {
            int rank = row.rank(i);
            if (rank > border || (rank == border && equals-- > 0)) {
                row.move(i, kept++);
            }
        }
        row.truncate(kept);
    }

    /**
     * The k-th largest rank, found digit by digit from the top among those that share the digits
     * found so far: four passes, whatever the logits are.
     */
    private int border(LogitRow row) {
        int[] histogram = row.histogram();
        int found = 0; // in unsigned order, so that digits count from 0 up
        int mask = 0;
        int wanted = k;
        for (int shift = Integer.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            Arrays.fill(histogram, 0);
            for (int i = 0; i < row.count(); i++) {
                int rank = row.rank(i) ^ Integer.MIN_VALUE;
                if ((rank & mask) == found) {
                    histogram[(rank >>> shift) & DIGIT_MASK]++;
                }
            }
            int digit = DIGIT_MASK;
            while (histogram[digit] < wanted) {
                wanted -= histogram[digit--];
            }
            found |= digit << shift;
            mask |= DIGIT_MASK << shift;
        }
        return found ^ Integer.MIN_VALUE;
    }
}
