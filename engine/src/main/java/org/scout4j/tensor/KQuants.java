package org.scout4j.tensor;

import static org.scout4j.tensor.LittleEndian.half;
import static org.scout4j.tensor.LittleEndian.signed8;
import static org.scout4j.tensor.LittleEndian.unsigned8;

import java.lang.foreign.MemorySegment;

/**
 * Super-blocks of 256 integers whose sub-blocks have small integer scales of their own (spec
 * "Model" §6). The scale of a sub-block is rounded to float32 before it meets the integers, as in
 * the reference. In formats with 16 sub-blocks a column is four of them, two apart, that share the
 * bytes of their low bits: columns 0 and 1 begin with sub-blocks 0 and 1, columns 2 and 3 with 8
 * and 9.
 */
final class KQuants {
    private static final int ELEMENTS = 256;

    private KQuants() {}

    /**
     * 16 sub-blocks of 16: a byte with scale and minimum; elements of 2 bits. A byte holds elements
     * 32 apart, so that 32 bytes make half a block.
     */
    static void q2k(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 84L * block;
            float scale = half(bytes, start + 80);
            float minimum = half(bytes, start + 82);
            for (int column = 0; column < 4; column++) {
                int first = column / 2 * 8 + column % 2;
                int factors0 = unsigned8(bytes, start + first);
                int factors1 = unsigned8(bytes, start + first + 2);
                int factors2 = unsigned8(bytes, start + first + 4);
                int factors3 = unsigned8(bytes, start + first + 6);
                float scale0 = scale * (factors0 & 15);
                float scale1 = scale * (factors1 & 15);
                float scale2 = scale * (factors2 & 15);
                float scale3 = scale * (factors3 & 15);
                float minimum0 = minimum * (factors0 >>> 4);
                float minimum1 = minimum * (factors1 >>> 4);
                float minimum2 = minimum * (factors2 >>> 4);
                float minimum3 = minimum * (factors3 >>> 4);
                long pairs = start + 16 + 16L * column;
                int target = outOffset + ELEMENTS * block + 16 * first;
                for (int i = 0; i < 16; i++) {
                    int q = unsigned8(bytes, pairs + i);
                    out[target + i] = scale0 * (q & 3) - minimum0;
                    out[target + 32 + i] = scale1 * (q >>> 2 & 3) - minimum1;
                    out[target + 64 + i] = scale2 * (q >>> 4 & 3) - minimum2;
                    out[target + 96 + i] = scale3 * (q >>> 6) - minimum3;
                }
            }
        }
    }

    /**
     * 16 sub-blocks of 16: scale of 6 bits; elements of 2 bits, kept as in Q2_K, and a third bit
     * that, when clear, takes 4 away: bit g of 32 bytes belongs to elements 32g to 32g + 31.
     */
    static void q3k(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 110L * block;
            long scales = start + 96;
            float scale = half(bytes, start + 108);
            for (int column = 0; column < 4; column++) {
                int first = column / 2 * 8 + column % 2;
                float scale0 = scale * q3kScale(bytes, scales, first);
                float scale1 = scale * q3kScale(bytes, scales, first + 2);
                float scale2 = scale * q3kScale(bytes, scales, first + 4);
                float scale3 = scale * q3kScale(bytes, scales, first + 6);
                long thirdBits = start + 16L * (column % 2);
                int thirdShift = column / 2 * 4;
                long pairs = start + 32 + 16L * column;
                int target = outOffset + ELEMENTS * block + 16 * first;
                for (int i = 0; i < 16; i++) {
                    int q = unsigned8(bytes, pairs + i);
                    int third = unsigned8(bytes, thirdBits + i) >>> thirdShift;
                    out[target + i] = scale0 * (((q & 3) | (third << 2 & 4)) - 4);
                    out[target + 32 + i] = scale1 * (((q >>> 2 & 3) | (third << 1 & 4)) - 4);
                    out[target + 64 + i] = scale2 * (((q >>> 4 & 3) | (third & 4)) - 4);
                    out[target + 96 + i] = scale3 * ((q >>> 6 | (third >>> 1 & 4)) - 4);
                }
            }
        }
    }

    /**
     * Scale of a sub-block in the 12 bytes of Q3_K: 4 low bits in the first 8, 2 high bits after.
     */
    private static int q3kScale(MemorySegment bytes, long scales, int sub) {
        int low = unsigned8(bytes, scales + sub % 8) >>> (4 * (sub / 8)) & 15;
        int high = unsigned8(bytes, scales + 8 + sub % 4) >>> (2 * (sub / 4)) & 3;
        return (low | high << 4) - 32;
    }

    /** 8 sub-blocks of 32: scale and minimum of 6 bits; two sub-blocks share bytes of nibbles. */
    static void q4k(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 144L * block;
            float scale = half(bytes, start);
            float minimum = half(bytes, start + 2);
            for (int pair = 0; pair < 4; pair++) {
                float firstScale = scale * sixBitScale(bytes, start + 4, 2 * pair);
                float firstMinimum = minimum * sixBitMinimum(bytes, start + 4, 2 * pair);
                float secondScale = scale * sixBitScale(bytes, start + 4, 2 * pair + 1);
                float secondMinimum = minimum * sixBitMinimum(bytes, start + 4, 2 * pair + 1);
                long nibbles = start + 16 + 32L * pair;
                int target = outOffset + ELEMENTS * block + pair * 64;
                for (int i = 0; i < 32; i++) {
                    int q = unsigned8(bytes, nibbles + i);
                    out[target + i] = firstScale * (q & 15) - firstMinimum;
                    out[target + 32 + i] = secondScale * (q >>> 4) - secondMinimum;
                }
            }
        }
    }

    /** As Q4_K, with 32 bytes whose bit j is the fifth bit of sub-block j. */
    static void q5k(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 176L * block;
            float scale = half(bytes, start);
            float minimum = half(bytes, start + 2);
            for (int pair = 0; pair < 4; pair++) {
                float firstScale = scale * sixBitScale(bytes, start + 4, 2 * pair);
                float firstMinimum = minimum * sixBitMinimum(bytes, start + 4, 2 * pair);
                float secondScale = scale * sixBitScale(bytes, start + 4, 2 * pair + 1);
                float secondMinimum = minimum * sixBitMinimum(bytes, start + 4, 2 * pair + 1);
                long fifthBits = start + 16;
                long nibbles = start + 48 + 32L * pair;
                int target = outOffset + ELEMENTS * block + pair * 64;
                for (int i = 0; i < 32; i++) {
                    int q = unsigned8(bytes, nibbles + i);
                    int fifth = unsigned8(bytes, fifthBits + i) >>> (2 * pair);
                    int first = (q & 15) | (fifth & 1) << 4;
                    int second = q >>> 4 | (fifth & 2) << 3;
                    out[target + i] = firstScale * first - firstMinimum;
                    out[target + 32 + i] = secondScale * second - secondMinimum;
                }
            }
        }
    }

    /**
     * 16 sub-blocks of 16: signed byte for scale; elements of 4 and 2 bits, 32 for zero. Half a
     * block has 64 bytes of nibbles, elements 64 apart in a byte, and 32 bytes of pairs of bits,
     * elements 32 apart in a byte.
     */
    static void q6k(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 210L * block;
            float scale = half(bytes, start + 208);
            for (int column = 0; column < 4; column++) {
                int first = column / 2 * 8 + column % 2;
                float scale0 = scale * signed8(bytes, start + 192 + first);
                float scale1 = scale * signed8(bytes, start + 192 + first + 2);
                float scale2 = scale * signed8(bytes, start + 192 + first + 4);
                float scale3 = scale * signed8(bytes, start + 192 + first + 6);
                long nibbles = start + 64L * (column / 2) + 16L * (column % 2);
                long pairs = start + 128 + 16L * column;
                int target = outOffset + ELEMENTS * block + 16 * first;
                for (int i = 0; i < 16; i++) {
                    int low = unsigned8(bytes, nibbles + i);
                    int nextLow = unsigned8(bytes, nibbles + 32 + i);
                    int high = unsigned8(bytes, pairs + i);
                    out[target + i] = scale0 * (((low & 15) | (high << 4 & 48)) - 32);
                    out[target + 32 + i] = scale1 * (((nextLow & 15) | (high << 2 & 48)) - 32);
                    out[target + 64 + i] = scale2 * ((low >>> 4 | (high & 48)) - 32);
                    out[target + 96 + i] = scale3 * ((nextLow >>> 4 | (high >>> 2 & 48)) - 32);
                }
            }
        }
    }

    /** Scale of sub-block j in the 12 bytes of Q4_K and Q5_K. */
    private static int sixBitScale(MemorySegment bytes, long scales, int j) {
        return j < 4
                ? unsigned8(bytes, scales + j) & 63
                : (unsigned8(bytes, scales + j + 4) & 15)
                        | unsigned8(bytes, scales + j - 4) >>> 6 << 4;
    }

    /** Minimum of sub-block j in the 12 bytes of Q4_K and Q5_K. */
    private static int sixBitMinimum(MemorySegment bytes, long scales, int j) {
        return j < 4
                ? unsigned8(bytes, scales + j + 4) & 63
                : unsigned8(bytes, scales + j + 4) >>> 4 | unsigned8(bytes, scales + j) >>> 6 << 4;
    }
}
