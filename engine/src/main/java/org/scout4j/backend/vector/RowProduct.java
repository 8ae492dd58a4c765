package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;

/**
 * A format whose weights can be multiplied as they are decoded, without a panel between: faster in
 * a step with a single row, where each weight is used once.
 */
interface RowProduct {

    /**
     * The partial sums of a stored row times one row of activations (see {@link Panels}).
     *
     * @param start byte where the row begins
     * @param columns whole blocks and whole groups
     * @param x activations in their natural order, from {@code xAt} on
     * @param sums receives the GROUP partial sums
     */
    void multiply(MemorySegment bytes, long start, int columns, float[] x, int xAt, float[] sums);
}
