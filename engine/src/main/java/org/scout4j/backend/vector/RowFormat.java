package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;

/** Reads one way of storing weights by vectors. */
interface RowFormat {
    /** Length of the scratch memory that kernels may use. */
    int SPARE = 512;

    /**
     * Decodes consecutive weights of a row into its place in a {@linkplain Panels panel}, bit for
     * bit as {@code WeightDecoder} does, and fills the last group up with zeros.
     *
     * @param start byte where the first block begins
     * @param count weights; whole blocks, at most a panel's
     * @param at where the row's first vector belongs
     * @param spare scratch of SPARE bytes
     */
    void decode(MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare);

    /**
     * The partial sums (see {@link Panels}) of a stored row times one row of activations, without a
     * panel between: faster where each weight is used once.
     *
     * @param start byte where the row begins
     * @param columns whole blocks and whole groups
     * @param x activations in their natural order
     * @param sums receives the GROUP partial sums
     * @param spare scratch of SPARE bytes
     */
    void multiply(
            MemorySegment bytes, long start, int columns, float[] x, float[] sums, byte[] spare);
}
