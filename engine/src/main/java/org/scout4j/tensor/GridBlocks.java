package org.scout4j.tensor;

import static org.scout4j.tensor.LittleEndian.half;
import static org.scout4j.tensor.LittleEndian.int32;
import static org.scout4j.tensor.LittleEndian.unsigned16;
import static org.scout4j.tensor.LittleEndian.unsigned8;

import java.lang.foreign.MemorySegment;

/**
 * Super-blocks of 256 elements, four or eight of them at a time an entry of a codebook ({@link
 * Grids}). IQ2 and IQ3 keep magnitudes there and signs apart; IQ1 keeps −1, 0 and 1 and shifts them
 * by an eighth. Formulas: ggml's reference decoder, in the order of its float32 operations.
 */
final class GridBlocks {
    private static final int ELEMENTS = 256;
    private static final float DELTA = 0.125f;

    private GridBlocks() {}

    /** For 8 elements a byte of entry; for 32 elements a word of signs and scale. */
    static void iq2xxs(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 66L * block;
            float scale = half(bytes, start);
            for (int sub = 0; sub < 8; sub++) {
                long entries = start + 2 + 8L * sub;
                int word = int32(bytes, entries + 4);
                float subScale = scale * (0.5f + (word >>> 28)) * 0.25f;
                int target = outOffset + ELEMENTS * block + sub * 32;
                for (int k = 0; k < 4; k++) {
                    int entry = unsigned8(bytes, entries + k);
                    int signs = evenSigns(word >>> (7 * k));
                    eight(Grids.IQ2_XXS[entry], signs, subScale, out, target + 8 * k);
                }
            }
        }
    }

    /** For 8 elements 9 bits of entry and 7 of signs; for 16 elements a nibble of scale. */
    static void iq2xs(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 74L * block;
            float scale = half(bytes, start);
            for (int sub = 0; sub < 16; sub++) {
                float subScale = scale * (0.5f + nibble(bytes, start + 66, sub)) * 0.25f;
                int target = outOffset + ELEMENTS * block + sub * 16;
                for (int k = 0; k < 2; k++) {
                    int word = unsigned16(bytes, start + 2 + 4L * sub + 2L * k);
                    int signs = evenSigns(word >>> 9);
                    eight(Grids.IQ2_XS[word & 511], signs, subScale, out, target + 8 * k);
                }
            }
        }
    }

    /** For 8 elements 10 bits of entry and a byte of signs; for 16 elements a nibble of scale. */
    static void iq2s(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 82L * block;
            float scale = half(bytes, start);
            for (int sub = 0; sub < 16; sub++) {
                float subScale = scale * (0.5f + nibble(bytes, start + 74, sub)) * 0.25f;
                int target = outOffset + ELEMENTS * block + sub * 16;
                for (int k = sub * 2; k < sub * 2 + 2; k++) {
                    int high = unsigned8(bytes, start + 66 + k / 4) >>> (2 * (k % 4)) & 3;
                    int entry = unsigned8(bytes, start + 2 + k) | (high << 8);
                    int signs = unsigned8(bytes, start + 34 + k);
                    eight(Grids.IQ2_S[entry], signs, subScale, out, target + k % 2 * 8);
                }
            }
        }
    }

    /** For 4 elements a byte of entry; for 32 elements a word of signs and scale. */
    static void iq3xxs(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 98L * block;
            float scale = half(bytes, start);
            for (int sub = 0; sub < 8; sub++) {
                long entries = start + 2 + 8L * sub;
                int word = int32(bytes, start + 66 + 4L * sub);
                float subScale = scale * (0.5f + (word >>> 28)) * 0.5f;
                int target = outOffset + ELEMENTS * block + sub * 32;
                for (int k = 0; k < 4; k++) {
                    long low = Grids.IQ3_XXS[unsigned8(bytes, entries + 2L * k)];
                    long high = Grids.IQ3_XXS[unsigned8(bytes, entries + 2L * k + 1)];
                    int signs = evenSigns(word >>> (7 * k));
                    eight(low | high << 32, signs, subScale, out, target + 8 * k);
                }
            }
        }
    }

    /** For 4 elements 9 bits of entry, for 8 a byte of signs; for 32 elements a nibble of scale. */
    static void iq3s(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 110L * block;
            float scale = half(bytes, start);
            for (int sub = 0; sub < 8; sub++) {
                float subScale = scale * (1 + 2 * nibble(bytes, start + 106, sub));
                int highBits = unsigned8(bytes, start + 66 + sub);
                long entries = start + 2 + 8L * sub;
                int target = outOffset + ELEMENTS * block + sub * 32;
                for (int k = 0; k < 4; k++) {
                    int low = unsigned8(bytes, entries + 2L * k);
                    int high = unsigned8(bytes, entries + 2L * k + 1);
                    low |= (highBits >>> (2 * k) & 1) << 8;
                    high |= (highBits >>> (2 * k + 1) & 1) << 8;
                    long magnitudes = Grids.IQ3_S[low] | Grids.IQ3_S[high] << 32;
                    int signs = unsigned8(bytes, start + 74 + 4L * sub + k);
                    eight(magnitudes, signs, subScale, out, target + 8 * k);
                }
            }
        }
    }

    /** For 8 elements 11 bits of entry; for 32 elements 3 bits of scale and the shift's sign. */
    static void iq1s(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 50L * block;
            float scale = half(bytes, start);
            for (int sub = 0; sub < 8; sub++) {
                int word = unsigned16(bytes, start + 34 + 2L * sub);
                float subScale = scale * (2 * (word >>> 12 & 7) + 1);
                float shift = (word & 0x8000) == 0 ? DELTA : -DELTA;
                int target = outOffset + ELEMENTS * block + sub * 32;
                for (int k = 0; k < 4; k++) {
                    int high = word >>> (3 * k) & 7;
                    int entry = unsigned8(bytes, start + 2 + 4L * sub + k) | (high << 8);
                    eightShifted(Grids.IQ1[entry], shift, subScale, out, target + 8 * k);
                }
            }
        }
    }

    /**
     * For 8 elements 11 bits of entry and the shift's sign; for 16 elements 3 bits of scale. The
     * float16 scale of the block lies in the upper nibbles of the four 16-bit words of scales.
     */
    static void iq1m(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 56L * block;
            long scales = start + 48;
            int scaleBits = 0;
            for (int k = 0; k < 4; k++) {
                scaleBits |= unsigned16(bytes, scales + 2L * k) >>> 12 << (4 * k);
            }
            float scale = Float.float16ToFloat((short) scaleBits);
            for (int sub = 0; sub < 16; sub++) {
                int word = unsigned16(bytes, scales + 2L * (sub / 4));
                float subScale = scale * (2 * (word >>> (3 * (sub % 4)) & 7) + 1);
                int target = outOffset + ELEMENTS * block + sub * 16;
                for (int k = sub * 2; k < sub * 2 + 2; k++) {
                    int high = nibble(bytes, start + 32, k);
                    int entry = unsigned8(bytes, start + k) | (high & 7) << 8;
                    float shift = (high & 8) == 0 ? DELTA : -DELTA;
                    eightShifted(Grids.IQ1[entry], shift, subScale, out, target + k % 2 * 8);
                }
            }
        }
    }

    /** Nibble {@code index} of a run of bytes, low ones first. */
    private static int nibble(MemorySegment bytes, long start, int index) {
        return unsigned8(bytes, start + index / 2) >>> (4 * (index % 2)) & 15;
    }

    /** Eight signs kept as seven bits: the number of negative ones is even. */
    private static int evenSigns(int bits) {
        int seven = bits & 127;
        return seven | (Integer.bitCount(seven) & 1) << 7;
    }

    /** Writes the bytes of {@code magnitudes}; set bits of {@code signs} make them negative. */
    private static void eight(long magnitudes, int signs, float scale, float[] out, int target) {
        for (int i = 0; i < 8; i++) {
            float value = scale * (int) (magnitudes >>> (8 * i) & 0xFF);
            int sign = signs >>> i << 31;
            out[target + i] = Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ sign);
        }
    }

    /** Writes the signed bytes of {@code levels}, shifted. */
    private static void eightShifted(
            long levels, float shift, float scale, float[] out, int target) {
        for (int i = 0; i < 8; i++) {
            out[target + i] = scale * ((byte) (levels >>> (8 * i)) + shift);
        }
    }
}
