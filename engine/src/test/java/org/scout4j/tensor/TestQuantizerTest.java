package org.scout4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TestQuantizerTest {

    /**
     * A level is half a step away at most. Steps are at most twice the largest magnitude of a block
     * over the levels; small scales of sub-blocks add less than another half.
     */
    @ParameterizedTest
    @CsvSource({
        "Q8_0, 255",
        "Q4_0, 15",
        "Q4_1, 16",
        "Q5_0, 31",
        "Q4_K, 16",
        "Q5_K, 32",
        "Q6_K, 63"
    })
    void decodingGivesNearlyTheValuesBack(DType dtype, int levels) {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        int elements = dtype.blockElements();
        float[] values = new float[50 * elements];
        for (int i = 0; i < values.length; i++) {
            double spread = 0.01 * (1 + i / elements);
            values[i] = (float) (random.nextGaussian() * spread);
        }

        float[] decoded = decode(dtype, TestQuantizer.encode(dtype, values), values.length);

        for (int block = 0; block < values.length; block += elements) {
            float largest = 0;
            for (int i = block; i < block + elements; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float step = 2 * largest / (levels - 1);
            for (int i = block; i < block + elements; i++) {
                assertThat(decoded[i])
                        .as("%s, seed %d, element %d", dtype, seed, i)
                        .isCloseTo(values[i], within(step));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void plainTypesKeepWhatTheyCanHold(DType dtype) {
        float[] values = {0, 1, -0.5f, 384};

        assertThat(decode(dtype, TestQuantizer.encode(dtype, values), 4)).containsExactly(values);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q4_K", "Q5_K", "Q6_K"})
    void zerosStayZeros(DType dtype) {
        float[] zeros = new float[dtype.blockElements()];

        float[] decoded = decode(dtype, TestQuantizer.encode(dtype, zeros), zeros.length);

        assertThat(decoded).usingComparatorWithPrecision(0f).containsOnly(0f);
    }

    @Test
    void saysWhatItCannotEncode() {
        assertThatThrownBy(() -> TestQuantizer.encode(DType.IQ1_S, new float[256]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IQ1_S");
    }

    private static float[] decode(DType dtype, byte[] bytes, int count) {
        float[] values = new float[count];
        WeightDecoder.decode(dtype, MemorySegment.ofArray(bytes), 0, values, 0, count);
        return values;
    }
}
