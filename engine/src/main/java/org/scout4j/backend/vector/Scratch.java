package org.scout4j.backend.vector;

/**
 * Memory of one worker that lasts from one operation to the next. Arrays grow when a larger shape
 * comes and never shrink, so a steady stream of steps allocates nothing.
 */
final class Scratch {
    /**
     * Elements before the first one that is used in {@link #aligned} arrays: behind a header of 16
     * bytes, it lies on a cache line.
     */
    static final int LINE = 12;

    /** Arrays of at least this many floats begin a region of the heap of their own (G1). */
    private static final int OWN_REGION = 1 << 18;

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

    /**
     * An array for {@code length} elements from {@link #LINE} on, which most likely lie on cache
     * lines. Whether they do changes nothing but the time: vectors of 64 bytes that cross lines
     * take twice as long to load.
     */
    static float[] aligned(float[] array, int length) {
        return grown(array, Math.max(Math.addExact(LINE, length), OWN_REGION));
    }

    /** The array if it is long enough, else a new one with some room. */
    static float[] grown(float[] array, int length) {
        return array.length >= length ? array : new float[Math.max(length, array.length * 5 / 4)];
    }
}
