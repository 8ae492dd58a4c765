package org.scout4j.tensor;

import static org.scout4j.tensor.LittleEndian.half;
import static org.scout4j.tensor.LittleEndian.int32;
import static org.scout4j.tensor.LittleEndian.signed8;
import static org.scout4j.tensor.LittleEndian.unsigned8;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of integers with one scale, and at most one offset, a block (spec "Model" §6). Bytes of
 * nibbles hold the first half of a block in their low and the second half in their high nibbles.
 */
final class LinearBlocks {
    private static final int ELEMENTS = 32;
    private static final int HALF = 16;

    private LinearBlocks() {}

    /** Scale, then signed bytes. */
    static void q8v0(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 34L * block;
            int target = outOffset + ELEMENTS * block;
            float scale = half(bytes, start);
            for (int i = 0; i < ELEMENTS; i++) {
                out[target + i] = scale * signed8(bytes, start + 2 + i);
            }
        }
    }

    /** Scale, then nibbles with 8 for zero. */
    static void q4v0(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 18L * block;
            int target = outOffset + ELEMENTS * block;
            float scale = half(bytes, start);
            for (int i = 0; i < HALF; i++) {
                int pair = unsigned8(bytes, start + 2 + i);
                out[target + i] = scale * ((pair & 15) - 8);
                out[target + HALF + i] = scale * ((pair >>> 4) - 8);
            }
        }
    }

    /** Scale, minimum, nibbles. */
    static void q4v1(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 20L * block;
            int target = outOffset + ELEMENTS * block;
            float scale = half(bytes, start);
            float minimum = half(bytes, start + 2);
            for (int i = 0; i < HALF; i++) {
                int pair = unsigned8(bytes, start + 4 + i);
                out[target + i] = scale * (pair & 15) + minimum;
                out[target + HALF + i] = scale * (pair >>> 4) + minimum;
            }
        }
    }

    /** Scale, a fifth bit of each element, nibbles; 16 for zero. */
    static void q5v0(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 22L * block;
            int target = outOffset + ELEMENTS * block;
            float scale = half(bytes, start);
            int high = int32(bytes, start + 2);
            for (int i = 0; i < HALF; i++) {
                int pair = unsigned8(bytes, start + 6 + i);
                int first = (pair & 15) | (high >>> i & 1) << 4;
                int second = pair >>> 4 | (high >>> (i + HALF) & 1) << 4;
                out[target + i] = scale * (first - 16);
                out[target + HALF + i] = scale * (second - 16);
            }
        }
    }

    /** Scale, minimum, a fifth bit of each element, nibbles. */
    static void q5v1(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 24L * block;
            int target = outOffset + ELEMENTS * block;
            float scale = half(bytes, start);
            float minimum = half(bytes, start + 2);
            int high = int32(bytes, start + 4);
            for (int i = 0; i < HALF; i++) {
                int pair = unsigned8(bytes, start + 8 + i);
                int first = (pair & 15) | (high >>> i & 1) << 4;
                int second = pair >>> 4 | (high >>> (i + HALF) & 1) << 4;
                out[target + i] = scale * first + minimum;
                out[target + HALF + i] = scale * second + minimum;
            }
        }
    }

    /** compressed-tensors words (spec §5.4): element i is bits 4i to 4i + 3, 8 for zero. */
    static void packedInt4(
            MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            int word = int32(bytes, offset + (long) block * 4);
            int target = outOffset + block * 8;
            for (int i = 0; i < 8; i++) {
                out[target + i] = (word >>> (4 * i) & 15) - 8;
            }
        }
    }
}
