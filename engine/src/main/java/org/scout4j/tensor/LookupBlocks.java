package org.scout4j.tensor;

import static org.scout4j.tensor.LittleEndian.half;
import static org.scout4j.tensor.LittleEndian.unsigned16;
import static org.scout4j.tensor.LittleEndian.unsigned8;

import java.lang.foreign.MemorySegment;

/** Nibbles that index a table of sixteen values, times a scale (spec "Model" §6). */
final class LookupBlocks {
    /** The levels of IQ4_NL and IQ4_XS. */
    private static final float[] NONLINEAR = {
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    /** The values of E2M1, doubled to make them integers; minus zero is read as zero. */
    private static final float[] E2M1_DOUBLED = {
        0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
    };

    private LookupBlocks() {}

    /** One scale for 32 elements. */
    static void iq4nl(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 18L * block;
            float scale = half(bytes, start);
            lookUp(bytes, start + 2, 16, NONLINEAR, scale, out, outOffset + block * 32);
        }
    }

    /** 8 sub-blocks of 32 with scales of 6 bits, 32 for zero. */
    static void iq4xs(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 136L * block;
            float scale = half(bytes, start);
            int highBits = unsigned16(bytes, start + 2);
            for (int sub = 0; sub < 8; sub++) {
                int low = unsigned8(bytes, start + 4 + sub / 2) >>> (4 * (sub % 2)) & 15;
                int high = highBits >>> (2 * sub) & 3;
                float subScale = scale * ((low | high << 4) - 32);
                int target = outOffset + block * 256 + sub * 32;
                lookUp(bytes, start + 8 + 16L * sub, 16, NONLINEAR, subScale, out, target);
            }
        }
    }

    /** OCP microscaling: 32 elements share a power of two. */
    static void mxfp4(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 17L * block;
            float scale = halvedE8m0(unsigned8(bytes, start));
            lookUp(bytes, start + 1, 16, E2M1_DOUBLED, scale, out, outOffset + block * 32);
        }
    }

    /** 4 sub-blocks of 16 with scales in E4M3. */
    static void nvfp4(MemorySegment bytes, long offset, float[] out, int outOffset, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long start = offset + 36L * block;
            for (int sub = 0; sub < 4; sub++) {
                float scale = halvedUnsignedE4m3(unsigned8(bytes, start + sub));
                int target = outOffset + block * 64 + sub * 16;
                lookUp(bytes, start + 4 + 8L * sub, 8, E2M1_DOUBLED, scale, out, target);
            }
        }
    }

    /** Low nibbles are the first {@code count} elements, high nibbles the next. */
    private static void lookUp(
            MemorySegment bytes,
            long nibbles,
            int count,
            float[] table,
            float scale,
            float[] out,
            int target) {
        for (int i = 0; i < count; i++) {
            int pair = unsigned8(bytes, nibbles + i);
            out[target + i] = scale * table[pair & 15];
            out[target + count + i] = scale * table[pair >>> 4];
        }
    }

    /** {@code 2^(e − 128)}: half of the E8M0 value, for the doubled table. */
    private static float halvedE8m0(int e) {
        // 2^-128 and 2^-127 are subnormal; from e = 2 on the biased exponent is e − 1.
        return Float.intBitsToFloat(e < 2 ? 0x0020_0000 << e : (e - 1) << 23);
    }

    /** Half of the E4M3 value. The reference ignores the sign bit and reads 0x7F as zero. */
    private static float halvedUnsignedE4m3(int bits) {
        if (bits == 0x7F) {
            return 0f;
        }
        // Through binary16, as in NarrowFloats.fromE4m3, but 0xFF is a number here: 480.
        return Float.float16ToFloat((short) ((bits & 0x7F) << 7)) * 128f;
    }
}
