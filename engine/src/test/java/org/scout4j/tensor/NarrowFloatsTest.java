package org.scout4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.SafetensorsFixture;

class NarrowFloatsTest {

    @Test
    void widensEveryByteOfE4m3AndE5m2() {
        SafetensorsFixture fixture = SafetensorsFixture.open("quant/FP8.safetensors");
        float[] e4m3 = fixture.floats("e4m3fn");
        float[] e5m2 = fixture.floats("e5m2");

        for (int bits = 0; bits < 256; bits++) {
            assertThat(NarrowFloats.fromE4m3((byte) bits)).isEqualTo(Float.valueOf(e4m3[bits]));
            assertThat(NarrowFloats.fromE5m2((byte) bits)).isEqualTo(Float.valueOf(e5m2[bits]));
        }
    }

    @Test
    void every16BitNumberSurvivesTheWayThroughFloat32() {
        short[] all = new short[1 << 16];
        short[] throughFloat16 = new short[1 << 16];
        short[] throughBfloat16 = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            short bits = (short) i;
            float half = NarrowFloats.fromFloat16(bits);
            float brain = NarrowFloats.fromBfloat16(bits);
            all[i] = bits;
            throughFloat16[i] = Float.isNaN(half) ? bits : NarrowFloats.toFloat16(half);
            throughBfloat16[i] = Float.isNaN(brain) ? bits : NarrowFloats.toBfloat16(brain);
        }

        assertThat(throughFloat16).isEqualTo(all);
        assertThat(throughBfloat16).isEqualTo(all);
    }

    // bfloat16 keeps 8 significant bits: near 1 the step is 2^-7, near the largest it is 2^120.
    @ParameterizedTest
    @CsvSource({
        "0x1.00p0, 0x3F80", // exact
        "0x1.01p0, 0x3F80", // tie to the even one below
        "0x1.010002p0, 0x3F81", // just above the tie
        "0x1.03p0, 0x3F82", // tie to the even one above
        "0x1.02fffep0, 0x3F81", // just below the tie
        "-0x1.03p0, 0xBF82",
        "-0.0, 0x8000",
        "0x1.fffffep127, 0x7F80", // the largest float32 rounds to infinity
        "-0x1.fffffep127, 0xFF80",
        "0x1.fep127, 0x7F7F", // the largest bfloat16
        "0x0.000002p-126, 0x0000", // the least float32
        "Infinity, 0x7F80",
        "-Infinity, 0xFF80"
    })
    void roundsToBfloat16ToNearestEven(String value, String expected) {
        assertThat(NarrowFloats.toBfloat16(Float.parseFloat(value)))
                .isEqualTo(Integer.decode(expected).shortValue());
    }

    @Test
    void aNanWithAShortPayloadStaysANan() {
        float signalling = Float.intBitsToFloat(0x7F80_0001);

        assertThat(NarrowFloats.fromBfloat16(NarrowFloats.toBfloat16(signalling))).isNaN();
        assertThat(NarrowFloats.fromFloat16(NarrowFloats.toFloat16(signalling))).isNaN();
    }

    /** No other bfloat16 is nearer: its neighbours are at least as far away. */
    @Test
    void bfloat16IsTheNearest() {
        long seed = 16;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            short rounded = NarrowFloats.toBfloat16(value);
            float error = distance(rounded, value);
            if (!Float.isFinite(NarrowFloats.fromBfloat16(rounded))) {
                continue;
            }
            float below = distance((short) (rounded - 1), value);
            float above = distance((short) (rounded + 1), value);
            if (error > below || error > above) {
                fail("seed %d, value %s", seed, Float.toHexString(value));
            }
        }
    }

    private static float distance(short brain, float value) {
        return Math.abs(NarrowFloats.fromBfloat16(brain) - value);
    }
}
