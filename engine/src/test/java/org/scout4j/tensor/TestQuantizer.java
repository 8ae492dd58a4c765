package org.scout4j.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Encodes float32 values in stored formats, for tests that need synthetic weights. Layouts as in
 * the spec "Model" §6; scales are chosen from the extremes of a block, simply and not optimally.
 */
public final class TestQuantizer {
    private TestQuantizer() {}

    /**
     * The values as stored bytes.
     *
     * @param values whole blocks of finite numbers
     * @throws IllegalArgumentException if there is no encoder for the type
     */
    public static byte[] encode(DType dtype, float... values) {
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(dtype.bytes(values.length)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start < values.length; start += dtype.blockElements()) {
            switch (dtype) {
                case F32 -> out.putFloat(values[start]);
                case F16 -> out.putShort(NarrowFloats.toFloat16(values[start]));
                case BF16 -> out.putShort(NarrowFloats.toBfloat16(values[start]));
                case Q8_0 -> q8v0(values, start, out);
                case Q4_0 -> q4v0(values, start, out);
                case Q4_1 -> q4v1(values, start, out);
                case Q5_0 -> q5v0(values, start, out);
                case Q4_K -> q4k(values, start, out);
                case Q5_K -> q5k(values, start, out);
                case Q6_K -> q6k(values, start, out);
                default -> throw new IllegalArgumentException("no encoder for " + dtype);
            }
        }
        return out.array();
    }

    private static void q8v0(float[] values, int start, ByteBuffer out) {
        float scale = putHalf(out, largest(values, start, 32) / 127);
        for (int i = 0; i < 32; i++) {
            out.put((byte) level(values[start + i], scale, -127, 127));
        }
    }

    private static void q4v0(float[] values, int start, ByteBuffer out) {
        float scale = putHalf(out, largest(values, start, 32) / 7);
        putNibbles(out, levels(values, start, 32, 0, scale, -8, 7, 8));
    }

    private static void q4v1(float[] values, int start, ByteBuffer out) {
        float least = least(values, start, 32);
        float scale = putHalf(out, (greatest(values, start, 32) - least) / 15);
        float minimum = putHalf(out, least);
        putNibbles(out, levels(values, start, 32, minimum, scale, 0, 15, 0));
    }

    private static void q5v0(float[] values, int start, ByteBuffer out) {
        float scale = putHalf(out, largest(values, start, 32) / 15);
        int[] levels = levels(values, start, 32, 0, scale, -16, 15, 16);
        int fifthBits = 0;
        for (int i = 0; i < 32; i++) {
            fifthBits |= (levels[i] >>> 4) << i;
        }
        out.putInt(fifthBits);
        putNibbles(out, levels);
    }

    private static void q4k(float[] values, int start, ByteBuffer out) {
        int[][] levels = putScalesAndMinima(values, start, 15, out);
        putPairsOfSubBlocks(levels, out);
    }

    private static void q5k(float[] values, int start, ByteBuffer out) {
        int[][] levels = putScalesAndMinima(values, start, 31, out);
        for (int i = 0; i < 32; i++) {
            int fifthBits = 0;
            for (int sub = 0; sub < 8; sub++) {
                fifthBits |= (levels[sub][i] >>> 4) << sub;
            }
            out.put((byte) fifthBits);
        }
        putPairsOfSubBlocks(levels, out);
    }

    /** Writes d, dmin and the 12 bytes of 6-bit numbers; returns the levels of 8 sub-blocks. */
    private static int[][] putScalesAndMinima(
            float[] values, int start, int greatestLevel, ByteBuffer out) {
        float[] scales = new float[8];
        float[] minima = new float[8];
        for (int sub = 0; sub < 8; sub++) {
            float least = Math.min(0, least(values, start + 32 * sub, 32));
            minima[sub] = -least;
            scales[sub] = (greatest(values, start + 32 * sub, 32) - least) / greatestLevel;
        }
        float scale = putHalf(out, greatest(scales, 0, 8) / 63);
        float minimum = putHalf(out, greatest(minima, 0, 8) / 63);
        int[] sixBitScales = levels(scales, 0, 8, 0, scale, 0, 63, 0);
        int[] sixBitMinima = levels(minima, 0, 8, 0, minimum, 0, 63, 0);
        byte[] packed = new byte[12];
        for (int j = 0; j < 4; j++) {
            packed[j] = (byte) (sixBitScales[j] | sixBitScales[j + 4] >>> 4 << 6);
            packed[j + 4] = (byte) (sixBitMinima[j] | sixBitMinima[j + 4] >>> 4 << 6);
            packed[j + 8] = (byte) ((sixBitScales[j + 4] & 15) | (sixBitMinima[j + 4] & 15) << 4);
        }
        out.put(packed);
        int[][] levels = new int[8][];
        for (int sub = 0; sub < 8; sub++) {
            levels[sub] =
                    levels(
                            values,
                            start + 32 * sub,
                            32,
                            -minimum * sixBitMinima[sub],
                            scale * sixBitScales[sub],
                            0,
                            greatestLevel,
                            0);
        }
        return levels;
    }

    private static void putPairsOfSubBlocks(int[][] levels, ByteBuffer out) {
        for (int sub = 0; sub < 8; sub += 2) {
            for (int i = 0; i < 32; i++) {
                out.put((byte) ((levels[sub][i] & 15) | (levels[sub + 1][i] & 15) << 4));
            }
        }
    }

    private static void q6k(float[] values, int start, ByteBuffer out) {
        float[] scales = new float[16];
        for (int sub = 0; sub < 16; sub++) {
            scales[sub] = largest(values, start + 16 * sub, 16) / 31;
        }
        float scale = half(greatest(scales, 0, 16) / 127);
        int[] byteScales = levels(scales, 0, 16, 0, scale, 0, 127, 0);
        int[] levels = new int[256];
        for (int i = 0; i < 256; i++) {
            levels[i] = level(values[start + i], scale * byteScales[i / 16], -32, 31) + 32;
        }
        byte[] low = new byte[128];
        byte[] high = new byte[64];
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int group = i % 128 / 32;
            int column = i % 32;
            low[64 * half + 32 * (group % 2) + column] |=
                    (byte) ((levels[i] & 15) << (4 * (group / 2)));
            high[32 * half + column] |= (byte) ((levels[i] >>> 4) << (2 * group));
        }
        out.put(low).put(high);
        for (int byteScale : byteScales) {
            out.put((byte) byteScale);
        }
        putHalf(out, scale);
    }

    /** 16 bytes: 32 levels, the second 16 of them in the high nibbles. */
    private static void putNibbles(ByteBuffer out, int[] levels) {
        for (int i = 0; i < 16; i++) {
            out.put((byte) ((levels[i] & 15) | (levels[i + 16] & 15) << 4));
        }
    }

    private static int[] levels(
            float[] values,
            int start,
            int count,
            float minimum,
            float scale,
            int least,
            int greatest,
            int bias) {
        int[] levels = new int[count];
        for (int i = 0; i < count; i++) {
            levels[i] = level(values[start + i] - minimum, scale, least, greatest) + bias;
        }
        return levels;
    }

    private static int level(float value, float scale, int least, int greatest) {
        return scale == 0 ? 0 : Math.clamp(Math.round(value / scale), least, greatest);
    }

    /** Writes a float16 and returns what it became. */
    private static float putHalf(ByteBuffer out, float value) {
        out.putShort(NarrowFloats.toFloat16(value));
        return half(value);
    }

    private static float half(float value) {
        return NarrowFloats.fromFloat16(NarrowFloats.toFloat16(value));
    }

    private static float largest(float[] values, int start, int count) {
        return Math.max(greatest(values, start, count), -least(values, start, count));
    }

    private static float least(float[] values, int start, int count) {
        float least = values[start];
        for (int i = start + 1; i < start + count; i++) {
            least = Math.min(least, values[i]);
        }
        return least;
    }

    private static float greatest(float[] values, int start, int count) {
        float greatest = values[start];
        for (int i = start + 1; i < start + count; i++) {
            greatest = Math.max(greatest, values[i]);
        }
        return greatest;
    }
}
