package org.scout4j.backend.vector;

/**
 * Memory of one worker that lasts from one operation to the next. Arrays grow when a larger shape
 * comes and never shrink, so a steady stream of steps allocates nothing.
 */
final class Scratch {
    /** Decoded weights: a {@linkplain Panels panel}, or a tile of input-major ones. */
    float[] panel = {};

    /** Whole decoded rows of formats that have no kernel. */
    float[] decoded = {};

    /** Packed activations, and what they were packed from. */
    float[] x = {};

    long packed = -1;

    /** Partial sums. */
    float[] sums = {};

    /** Finished sums, {@code [activation rows, weight rows]}. */
    float[] results = {};

    /** Likewise, where two matrices are needed at once. */
    float[] others = {};

    final byte[] spare = new byte[RowFormat.SPARE];

    final float[] totals = new float[Math.max(Panels.ROWS, Panels.GROUP)];

    // Attention.
    float[] queries = {};
    float[] scores = {};
    float[] peaks = {};
    float[] weightSums = {};
    float[] outputs = {};
    float[] states = {};

    /** The array if it is long enough, else a new one with some room. */
    static float[] grown(float[] array, int length) {
        return array.length >= length ? array : new float[Math.max(length, array.length * 5 / 4)];
    }
}
