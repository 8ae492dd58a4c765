package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Operations element by element, and sums along one row. Offsets are bytes. */
interface Elements {

    /**
     * {@code out = in / sqrt(mean(in²) + epsilon) * gain}. The squares are summed as the products
     * of {@link Panels} are, in {@code GROUP} partial sums.
     *
     * @param sums scratch for GROUP numbers
     */
    void rmsNorm(
            MemorySegment out,
            long outAt,
            MemorySegment in,
            long inAt,
            int columns,
            float @Nullable [] gain,
            float epsilon,
            float[] sums);

    /** {@code gate = silu(gate) * up}. */
    void gate(MemorySegment gate, long gateAt, MemorySegment up, long upAt, int count);

    /** The same in arrays, from their beginning. */
    void gate(float[] gate, float[] up, int count);

    /** {@code target = target/2 (1 + erf(target/√2))}, the exact GELU. */
    void gelu(MemorySegment target, long targetAt, int count);

    /** {@code target += addend}. */
    void add(MemorySegment target, long targetAt, MemorySegment addend, long addendAt, int count);

    /** {@code target *= factor}. */
    void scale(MemorySegment target, long targetAt, int count, float factor);

    /** The same in an array. */
    void scale(float[] target, int at, int count, float factor);

    /**
     * Turns scores into weights {@code exp(score − peak)} and adds these to partial sums, where
     * peak is the largest score so far. If these scores raise the peak, the sums are scaled to the
     * new one first.
     *
     * @param scores from {@code at} on
     * @param count a multiple of GROUP
     * @param peaks {@code peaks[query]} is the largest score so far, −∞ at first
     * @param sums GROUP partial sums from {@code sumsAt} on: score i adds to number i mod GROUP
     * @return what else was summed up with the old weights has to be multiplied by; 1 if the peak
     *     stays
     */
    float weigh(
            float[] scores, int at, int count, float[] peaks, int query, float[] sums, int sumsAt);
}
