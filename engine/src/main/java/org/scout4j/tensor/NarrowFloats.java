package org.scout4j.tensor;

/**
 * Conversions between float32 and the floating-point numbers of 16 and 8 bits (spec "Model" §5.4).
 * Widening is exact; narrowing rounds to the nearest, ties to even. A NaN stays a NaN.
 */
public final class NarrowFloats {
    private NarrowFloats() {}

    /** IEEE binary16 to float32. */
    public static float fromFloat16(short bits) {
        return Float.float16ToFloat(bits);
    }

    /** Float32 to IEEE binary16; what exceeds 65504 by half a step becomes infinite. */
    public static short toFloat16(float value) {
        return Float.floatToFloat16(value);
    }

    /** bfloat16, the upper half of a float32. */
    public static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Float32 to bfloat16. */
    public static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // Cutting the lower half could leave an infinity: set the quiet bit.
            return (short) (bits >>> 16 | 0x40);
        }
        int lowestKeptBit = bits >>> 16 & 1;
        return (short) ((bits + 0x7FFF + lowestKeptBit) >>> 16);
    }

    /** E4M3FN: bias 7, no infinities, NaN at 0x7F and 0xFF. */
    public static float fromE4m3(byte bits) {
        int magnitude = bits & 0x7F;
        if (magnitude == 0x7F) {
            return Float.NaN;
        }
        // As a binary16 the exponent is too small by the difference of the biases, 15 − 7.
        return Float.float16ToFloat((short) ((bits & 0x80) << 8 | (magnitude << 7))) * 256f;
    }

    /** E5M2: the upper byte of a binary16. */
    public static float fromE5m2(byte bits) {
        return Float.float16ToFloat((short) (bits << 8));
    }
}
