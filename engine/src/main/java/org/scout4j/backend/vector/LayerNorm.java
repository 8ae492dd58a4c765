package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;

/** The norm of a row by its mean and variance. Offsets are bytes. */
interface LayerNorm {

    /**
     * {@code out = (in - mean) / sqrt(variance + epsilon) * gain + bias}. Sums are made as those of
     * {@link Panels}, in {@code GROUP} partial sums.
     *
     * @param sums scratch for GROUP numbers
     */
    void layerNorm(
            MemorySegment out,
            long outAt,
            MemorySegment in,
            long inAt,
            int columns,
            float[] gain,
            float[] bias,
            float epsilon,
            float[] sums);
}
