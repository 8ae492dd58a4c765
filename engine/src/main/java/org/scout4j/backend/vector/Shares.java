package org.scout4j.backend.vector;

/**
 * How a matrix multiplication is cut into chunks: activation rows into passes, weight rows into
 * ranges. The cut follows from shapes and the number of threads, and the results from neither.
 *
 * @param passes number of passes
 * @param passRows activation rows of a pass; the last may have fewer
 * @param ranges number of ranges
 * @param rangeRows weight rows of a range; the last may have fewer
 */
record Shares(int passes, int passRows, int ranges, int rangeRows) {
    /** What decoding a weight and using it once take, in nanoseconds, roughly. */
    private static final double DECODE = 0.12;

    private static final double USE = 0.025;

    /** A chunk should outlast the effort to claim it by far. */
    private static final double CHUNK_NANOS = 100_000;

    /** Below this, waking others takes longer than the work. */
    private static final double ALONE_NANOS = 10_000;

    private static final int CHUNKS_PER_THREAD = 4;

    /**
     * @param unit ranges begin at multiples of it
     */
    static Shares of(PlacedWeights weights, int rows, int unit, int threads) {
        int passes = Math.max(1, Math.ceilDiv(rows, Products.PASS));
        // Fours, so that only the last activation rows may have to go alone.
        int passRows = Math.ceilDiv(Math.ceilDiv(rows, passes), 4) * 4;
        double rowNanos = weights.columns() * (DECODE + USE * passRows);
        if (passes * rowNanos * weights.rows() < ALONE_NANOS) {
            return new Shares(passes, passRows, 1, weights.rows());
        }
        double wanted = CHUNK_NANOS / rowNanos;
        int fair = Math.ceilDiv(weights.rows(), CHUNKS_PER_THREAD * threads);
        int rangeRows = (int) Math.clamp(Math.min(wanted, fair), 1, weights.rows());
        rangeRows = Math.ceilDiv(rangeRows, unit) * unit;
        return new Shares(passes, passRows, Math.ceilDiv(weights.rows(), rangeRows), rangeRows);
    }

    int chunks() {
        return Math.multiplyExact(passes, ranges);
    }

    /** Passes one after the other, so that a worker packs activations once. */
    int pass(int chunk) {
        return chunk / ranges;
    }

    /** First weight row of a chunk. */
    int from(int chunk) {
        return chunk % ranges * rangeRows;
    }
}
