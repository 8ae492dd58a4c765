package org.scout4j.tensor;

import java.lang.foreign.MemorySegment;

/**
 * Decodes stored weights to float32: exactly the values that the format's own reference gives (spec
 * "Model" §5.4 and §6).
 */
public final class WeightDecoder {
    private WeightDecoder() {}

    /**
     * Decodes consecutive elements.
     *
     * @param bytes where the blocks lie, little endian
     * @param byteOffset start of the first block
     * @param out receives the values from {@code outOffset} on
     * @param count how many elements; a multiple of the type's block
     * @throws IllegalArgumentException if the type holds no weights (integers, booleans) or the
     *     count is not a whole number of blocks
     * @throws IndexOutOfBoundsException if the blocks or the values do not fit
     */
    public static void decode(
            DType dtype,
            MemorySegment bytes,
            long byteOffset,
            float[] out,
            int outOffset,
            int count) {
        throw new UnsupportedOperationException("decode " + dtype);
    }
}
