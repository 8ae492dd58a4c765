package org.scout4j.tensor;

import static org.scout4j.tensor.LittleEndian.half;
import static org.scout4j.tensor.LittleEndian.unsigned8;

import java.lang.foreign.MemorySegment;

/** Blocks of 256 elements that are −1, 0 or 1 times one scale. */
final class TernaryBlocks {
    private static final int ELEMENTS = 256;

    private TernaryBlocks() {}

    /**
     * Base 3. A byte is a fraction of 256: tripling it carries its first digit out at the top. 32
     * bytes hold elements 0 to 159, 16 bytes those to 239, five digits each; 4 bytes hold the last
     * 16 in four digits each. Consecutive elements lie in consecutive bytes.
     */
    static void tq1v0(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 54L * block;
            int target = outOffset + ELEMENTS * block;
            float scale = half(bytes, start + 52);
            digits(bytes, start, 32, 5, scale, out, target);
            digits(bytes, start + 32, 16, 5, scale, out, target + 160);
            digits(bytes, start + 48, 4, 4, scale, out, target + 240);
        }
    }

    private static void digits(
            MemorySegment bytes,
            long fractions,
            int count,
            int digits,
            float scale,
            float[] out,
            int target) {
        int power = 1;
        for (int digit = 0; digit < digits; digit++) {
            for (int i = 0; i < count; i++) {
                int fraction = unsigned8(bytes, fractions + i) * power & 0xFF;
                out[target + digit * count + i] = scale * (((fraction * 3) >>> 8) - 1);
            }
            power *= 3;
        }
    }

    /** Two bits an element: 128 elements share 32 bytes, elements 32 apart share a byte. */
    static void tq2v0(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 66L * block;
            float scale = half(bytes, start + 64);
            for (int part = 0; part < 8; part++) {
                long pairs = start + 32L * (part / 4);
                int shift = part % 4 * 2;
                int target = outOffset + ELEMENTS * block + part * 32;
                for (int i = 0; i < 32; i++) {
                    out[target + i] = scale * ((unsigned8(bytes, pairs + i) >>> shift & 3) - 1);
                }
            }
        }
    }
}
