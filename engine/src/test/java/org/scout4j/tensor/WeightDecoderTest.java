package org.scout4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.scout4j.SafetensorsFixture;

/** Values come from {@code golden/quant}: {@code gguf.quants} and PyTorch made them. */
class WeightDecoderTest {
    private static final Set<DType> INTEGERS =
            EnumSet.of(DType.I64, DType.I32, DType.I16, DType.I8, DType.U8, DType.BOOL);

    /** Stored bytes and what they mean. */
    private static final class Vectors {
        final byte[] raw;
        final float[] values;

        Vectors(DType dtype) {
            boolean eightBits = dtype == DType.F8_E4M3 || dtype == DType.F8_E5M2;
            SafetensorsFixture fixture =
                    SafetensorsFixture.open(
                            "quant/" + (eightBits ? "FP8" : dtype) + ".safetensors");
            this.raw = fixture.bytes("raw");
            this.values =
                    fixture.floats(
                            switch (dtype) {
                                case F8_E4M3 -> "e4m3fn";
                                case F8_E5M2 -> "e5m2";
                                default -> "values";
                            });
        }
    }

    /** Every type with weights except F64 and PACKED_INT4, which have tests of their own. */
    static Stream<DType> typesWithVectors() {
        return Arrays.stream(DType.values())
                .filter(dtype -> !INTEGERS.contains(dtype))
                .filter(dtype -> dtype != DType.F64 && dtype != DType.PACKED_INT4);
    }

    @ParameterizedTest
    @MethodSource("typesWithVectors")
    void decodesEveryVectorExactly(DType dtype) {
        Vectors vectors = new Vectors(dtype);
        float[] out = new float[vectors.values.length];

        WeightDecoder.decode(dtype, MemorySegment.ofArray(vectors.raw), 0, out, 0, out.length);

        assertSame(out, vectors.values, dtype, 0);
    }

    @ParameterizedTest
    @MethodSource("typesWithVectors")
    void decodesFromTheMiddleAtOddAddresses(DType dtype) {
        Vectors vectors = new Vectors(dtype);
        int elements = dtype.blockElements();
        int first = vectors.values.length / elements / 2;
        int blocks = 3;
        try (Arena arena = Arena.ofConfined()) {
            for (int shift : new int[] {1, 3, 6}) {
                MemorySegment unaligned = arena.allocate(vectors.raw.length + shift, 8);
                MemorySegment.copy(
                        MemorySegment.ofArray(vectors.raw),
                        0,
                        unaligned,
                        shift,
                        vectors.raw.length);
                float[] out = new float[blocks * elements + 7];
                Arrays.fill(out, 12345f);

                WeightDecoder.decode(
                        dtype,
                        unaligned,
                        shift + (long) first * dtype.blockBytes(),
                        out,
                        5,
                        blocks * elements);

                float[] expected = new float[out.length];
                Arrays.fill(expected, 12345f);
                System.arraycopy(vectors.values, first * elements, expected, 5, blocks * elements);
                assertSame(out, expected, dtype, shift);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "F64",
                "F8_E4M3",
                "F8_E5M2",
                "I64",
                "I32",
                "I16",
                "I8",
                "U8",
                "BOOL",
                "PACKED_INT4"
            })
    void blockSizesAreThoseOfGguf(DType dtype) {
        SafetensorsFixture fixture = SafetensorsFixture.open("quant/" + dtype + ".safetensors");

        assertThat(dtype.blockElements()).isEqualTo(fixture.info().get("elements").asInt());
        assertThat(dtype.blockBytes()).isEqualTo(fixture.info().get("bytes").asInt());
    }

    @Test
    void narrowsDoubles() {
        MemorySegment doubles = MemorySegment.ofArray(new double[] {1, 0.1, 1e300, -0.0});
        float[] out = new float[4];

        WeightDecoder.decode(DType.F64, doubles, 0, out, 0, 4);

        assertThat(out).containsExactly(1f, 0.1f, Float.POSITIVE_INFINITY, -0.0f);
    }

    // Spec §5.4: nibble i of a word is bits 4i to 4i + 3; the value is nibble − 8.
    @Test
    void unpacksNibblesOfWords() {
        MemorySegment words = MemorySegment.ofArray(new int[] {0xFEDC_BA98, 0x0123_4567});
        float[] out = new float[16];

        WeightDecoder.decode(DType.PACKED_INT4, words, 0, out, 0, 16);

        assertThat(out).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, -1, -2, -3, -4, -5, -6, -7, -8);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void refusesIntegersAndDecodesEverythingElse(DType dtype) {
        MemorySegment zeros = MemorySegment.ofArray(new byte[dtype.blockBytes()]);
        float[] out = new float[dtype.blockElements()];

        if (INTEGERS.contains(dtype)) {
            assertThatThrownBy(() -> WeightDecoder.decode(dtype, zeros, 0, out, 0, out.length))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(dtype.name());
        } else {
            WeightDecoder.decode(dtype, zeros, 0, out, 0, out.length);
            assertThat(out).doesNotContain(Float.NaN);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_K", "IQ1_M", "PACKED_INT4", "NVFP4"})
    void refusesPartsOfBlocks(DType dtype) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);
        float[] out = new float[4096];

        for (int count : new int[] {1, dtype.blockElements() - 1, dtype.blockElements() + 1, -1}) {
            assertThatThrownBy(() -> WeightDecoder.decode(dtype, bytes, 0, out, 0, count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(count));
        }
    }

    @ParameterizedTest
    @MethodSource("typesWithVectors")
    void refusesWhatDoesNotFit(DType dtype) {
        int count = 2 * dtype.blockElements();
        MemorySegment bytes = MemorySegment.ofArray(new byte[2 * dtype.blockBytes()]);
        MemorySegment shorter = bytes.asSlice(0, bytes.byteSize() - 1);
        float[] out = new float[count];

        assertOutOfBounds(dtype, shorter, 0, out, 0, count);
        assertOutOfBounds(dtype, bytes, 1, out, 0, count);
        assertOutOfBounds(dtype, bytes, -1, out, 0, count);
        assertOutOfBounds(dtype, bytes, Long.MAX_VALUE, out, 0, count);
        assertOutOfBounds(dtype, bytes, 0, out, 1, count);
        assertOutOfBounds(dtype, bytes, 0, out, -1, count);
        assertOutOfBounds(dtype, bytes, 0, new float[count - 1], 0, count);
        assertThat(out).containsOnly(0f);
    }

    @ParameterizedTest
    @MethodSource("typesWithVectors")
    void decodesNothing(DType dtype) {
        WeightDecoder.decode(dtype, MemorySegment.ofArray(new byte[3]), 3, new float[2], 2, 0);
    }

    /** No bytes can make a decoder fail or write elsewhere; blocks are independent. */
    @ParameterizedTest
    @MethodSource("typesWithVectors")
    void decodesAnyBytesBlockByBlock(DType dtype) {
        long seed = 20_250_405L + dtype.name().hashCode();
        SplittableRandom random = new SplittableRandom(seed);
        int blocks = 200;
        int elements = dtype.blockElements();
        byte[] raw = new byte[blocks * dtype.blockBytes()];
        random.nextBytes(raw);
        MemorySegment bytes = MemorySegment.ofArray(raw);
        float[] together = new float[blocks * elements];
        float[] apart = new float[blocks * elements];

        WeightDecoder.decode(dtype, bytes, 0, together, 0, together.length);
        for (int block = blocks - 1; block >= 0; block--) {
            long offset = (long) block * dtype.blockBytes();
            WeightDecoder.decode(dtype, bytes, offset, apart, block * elements, elements);
        }

        assertSame(apart, together, dtype, seed);
    }

    private static void assertOutOfBounds(
            DType dtype, MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        assertThatThrownBy(() -> WeightDecoder.decode(dtype, bytes, offset, out, outOffset, count))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Equal bit for bit, so that zeros keep their signs; all NaNs are one. */
    private static void assertSame(float[] actual, float[] expected, DType dtype, long variant) {
        int different = Arrays.mismatch(actual, expected);
        if (different >= 0) {
            assertThat(Float.valueOf(actual[different]))
                    .as("%s, element %d, variant %d", dtype, different, variant)
                    .isEqualTo(Float.valueOf(expected[different]));
        }
    }
}
