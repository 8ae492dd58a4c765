package org.scout4j.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.checkpoint.gguf.GgufBytes.le;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

class GgufFileTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void tensorsAreFoundWhereTheyLie(int version) {
        GgufFile file =
                new GgufBytes()
                        .version(version)
                        .text("general.name", "Größe 7")
                        .tensor("a", 3)
                        .tensor("b", 2, 5)
                        .tensor("q", GgufBytes.TYPE_Q8_0, new long[] {64, 3}, new byte[6 * 34])
                        .parse();
        assertThat(file.metadata().string("general.name")).contains("Größe 7");
        assertThat(file.tensors()).extracting(StoredTensor::name).containsExactly("a", "b", "q");
        StoredTensor b = file.tensors().get(1);
        assertThat(b.dtype()).isEqualTo(DType.F32);
        assertThat(b.shape()).isEqualTo(Shape.of(5, 2));
        assertThat(b.bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(4f);
        assertThat(b.bytes().byteSize()).isEqualTo(40);
        StoredTensor q = file.tensors().get(2);
        assertThat(q.dtype()).isEqualTo(DType.Q8_0);
        assertThat(q.shape()).isEqualTo(Shape.of(3, 64));
    }

    @Test
    void alignmentIsThatOfTheFile() {
        GgufFile file = new GgufBytes().alignment(1024).tensor("a", 3).tensor("b", 1).parse();
        assertThat(file.tensors().get(1).bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                .isEqualTo(4f);
    }

    @Test
    void everyTypeIdHasTheBlockSizeOfItsFormat() {
        // id, elements, bytes as the gguf package of llama.cpp lists them
        int[][] types = {
            {0, 1, 4},
            {1, 1, 2},
            {2, 32, 18},
            {3, 32, 20},
            {6, 32, 22},
            {7, 32, 24},
            {8, 32, 34},
            {10, 256, 84},
            {11, 256, 110},
            {12, 256, 144},
            {13, 256, 176},
            {14, 256, 210},
            {16, 256, 66},
            {17, 256, 74},
            {18, 256, 98},
            {19, 256, 50},
            {20, 32, 18},
            {21, 256, 110},
            {22, 256, 82},
            {23, 256, 136},
            {24, 1, 1},
            {25, 1, 2},
            {26, 1, 4},
            {27, 1, 8},
            {28, 1, 8},
            {29, 256, 56},
            {30, 1, 2},
            {34, 256, 54},
            {35, 256, 66},
            {39, 32, 17},
            {40, 64, 36}
        };
        for (int[] type : types) {
            DType dtype = GgufTensorType.of(type[0]).orElseThrow();
            assertThat(dtype.blockElements()).as("%s", dtype).isEqualTo(type[1]);
            assertThat(dtype.blockBytes()).as("%s", dtype).isEqualTo(type[2]);
        }
        List<Integer> known = Arrays.stream(types).map(type -> type[0]).toList();
        for (int id = -1; id < 100; id++) {
            assertThat(GgufTensorType.of(id).isPresent())
                    .as("id %d", id)
                    .isEqualTo(known.contains(id));
        }
        assertThat(GgufTensorType.of(0x1_0000_0000L)).isEmpty();
    }

    @Test
    void otherFilesAndVersionsAreNamed() {
        assertRefused(
                () -> parse("GGML12345678".getBytes(StandardCharsets.US_ASCII)), "not a GGUF");
        assertRefused(() -> parse(new byte[2]), "not a GGUF");
        assertRefused(() -> new GgufBytes().version(1).parse(), "GGUF version 1;");
        assertRefused(() -> new GgufBytes().version(4).parse(), "GGUF version 4;");
        assertRefused(() -> new GgufBytes().version(0x03000000).parse(), "big-endian");
    }

    @Test
    void countsBeyondTheFileAreRefusedBeforeAnythingIsAllocated() {
        assertRefused(
                () -> new GgufBytes().claim(1L << 62, 0).parse(),
                "number of tensors",
                "4611686018427387904");
        assertRefused(
                () -> new GgufBytes().claim(ModelLimit.TENSORS.most(), 0).parse(),
                "number of tensors");
        assertRefused(() -> new GgufBytes().claim(0, 65_000).parse(), "metadata pairs");
        assertRefused(() -> new GgufBytes().claim(0, Long.MAX_VALUE).parse(), "metadata pairs");
        assertRefused(
                () ->
                        new GgufBytes()
                                .pair("s", GgufBytes.STRING, le(8).putLong(1L << 31).array())
                                .parse(),
                "the length of a string");
        assertRefused(
                () -> new GgufBytes().array("a", GgufBytes.U32, 1L << 61, new byte[64]).parse(),
                "the length of array a");
        assertRefused(
                () -> new GgufBytes().array("a", GgufBytes.U32, -1, new byte[64]).parse(),
                "18446744073709551615");
        assertRefused(
                () -> new GgufBytes().array("a", GgufBytes.STRING, 20, new byte[64]).parse(),
                "array a");
    }

    @Test
    void unknownAndNestedValueTypesAreRefused() {
        assertRefused(() -> new GgufBytes().pair("k", 13, new byte[8]).parse(), "value type 13");
        assertRefused(
                () -> new GgufBytes().pair("k", -1, new byte[8]).parse(), "value type 4294967295");
        assertRefused(
                () -> new GgufBytes().array("k", GgufBytes.ARRAY, 1, new byte[64]).parse(),
                "an array of arrays");
    }

    @Test
    void namesAreUniqueAndReadable() {
        byte[] twice = new GgufBytes().tensor("aa", 1).tensor("ab", 1).bytes();
        replace(twice, "ab", "aa");
        assertRefused(() -> parse(twice), "tensor aa occurs twice");
        byte[] keys = new GgufBytes().u32("ka", 1).u32("kb", 1).bytes();
        replace(keys, "kb", "ka");
        assertRefused(() -> parse(keys), "key ka occurs twice");
        byte[] broken = new GgufBytes().tensor("a\u00e9", 1).bytes();
        replace(broken, "\u00e9", "zz");
        broken[indexOf(broken, "zz")] = (byte) 0xc3;
        assertRefused(() -> parse(broken), "not valid UTF-8");
        assertRefused(() -> new GgufBytes().tensor("n".repeat(513), 1).parse(), "513 bytes long");
    }

    @Test
    void sizesThatOverflowAreRefused() {
        long[][] shapes = {
            {1L << 32, 1L << 32}, {(1L << 62) + 1, 4}, {-1}, {Long.MAX_VALUE, 1, 1, 2}, {1L << 61}
        };
        for (long[] shape : shapes) {
            assertRefused(
                    () -> new GgufBytes().tensor("huge", 0, shape, new byte[32]).parse(),
                    "tensor huge");
        }
    }

    @Test
    void extentsLieInsideTheFile() {
        assertRefused(
                () -> new GgufBytes().tensor("long", 0, new long[] {9}, new byte[32]).parse(),
                "tensor long needs bytes 0 and 36 on of the data, the file has 32");
        for (long offset : new long[] {32, 1L << 62, Long.MIN_VALUE, -32}) {
            assertRefused(
                    () -> new GgufBytes().tensor("away", 8).offsets(_ -> offset).parse(),
                    "tensor away needs bytes");
        }
    }

    @Test
    void tensorsDoNotOverlap() {
        assertRefused(
                () -> new GgufBytes().tensor("a", 16).tensor("b", 8).offsets(at -> at / 2).parse(),
                "tensor b overlaps");
        assertRefused(
                () -> new GgufBytes().tensor("a", 8).tensor("b", 8).offsets(_ -> 0).parse(),
                "overlaps");
    }

    @Test
    void offsetsAreAlignedAndTheAlignmentIsAPowerOfTwo() {
        assertRefused(
                () -> new GgufBytes().tensor("a", 16).offsets(_ -> 4).parse(),
                "begins at 4, not a multiple of 32");
        assertRefused(() -> new GgufBytes().u32("general.alignment", 48).parse(), "power of two");
        assertRefused(
                () -> new GgufBytes().u32("general.alignment", 0).parse(),
                "general.alignment is 0");
        assertRefused(
                () -> new GgufBytes().u32("general.alignment", 1L << 31).parse(),
                "general.alignment is 2147483648");
    }

    @Test
    void typesAndDimensionsAreKnown() {
        assertRefused(
                () -> new GgufBytes().tensor("t", 4, new long[] {32}, new byte[32]).parse(),
                "unknown type 4");
        assertRefused(
                () ->
                        new GgufBytes()
                                .tensor("t", 0x80000000, new long[] {32}, new byte[32])
                                .parse(),
                "unknown type 2147483648");
        assertRefused(
                () ->
                        new GgufBytes()
                                .tensor("t", 0, new long[] {1, 1, 1, 1, 1}, new byte[4])
                                .parse(),
                "5 dimensions");
        assertRefused(
                () -> new GgufBytes().tensor("t", 8, new long[] {33}, new byte[68]).parse(),
                "not a whole number of Q8_0 blocks");
    }

    @Test
    void metadataIsReadByType() {
        GgufMetadata metadata =
                new GgufBytes()
                        .u32("u", 0xffff_ffffL)
                        .pair("i8", 1, new byte[] {-5})
                        .pair("u64", GgufBytes.U64, le(8).putLong(-1).array())
                        .f32("nan", Float.NaN)
                        .pair("b", GgufBytes.BOOL, new byte[] {2})
                        .ints("list", 1, 2, 3)
                        .texts("words", List.of("x", "", "ü"))
                        .parse()
                        .metadata();
        assertThat(metadata.integer("u", 0, Long.MAX_VALUE)).hasValue(4_294_967_295L);
        assertThat(metadata.integer("i8", -10, 10)).hasValue(-5);
        assertThat(metadata.integer("absent", 0, 1)).isEmpty();
        assertThat(metadata.integers("list", 0, 9, 3)).containsExactly(1L, 2L, 3L);
        assertThat(metadata.strings("words", 3)).containsExactly("x", "", "ü");
        assertThat(metadata.strings("absent", 3)).isEmpty();
        assertRefused(
                () -> metadata.integer("u", 0, 10),
                "u is 4294967295, expected a whole number from 0 to 10");
        assertRefused(() -> metadata.integer("u64", 0, 10), "18446744073709551615");
        assertRefused(() -> metadata.integer("nan", 0, 10), "nan has the type FLOAT32");
        assertRefused(() -> metadata.number("nan", 0, 10), "nan is NaN");
        assertRefused(() -> metadata.number("words", 0, 10), "words has the type ARRAY");
        assertRefused(() -> metadata.flag("b"), "not a boolean");
        assertRefused(() -> metadata.flag("u"), "u has the type UINT32, expected BOOL");
        assertRefused(() -> metadata.string("u"), "u has the type UINT32, expected STRING");
        assertRefused(() -> metadata.strings("list", 9), "array of INT32");
        assertRefused(() -> metadata.integers("words", 0, 9, 9), "expected a whole number");
        assertRefused(() -> metadata.integers("list", 0, 9, 2), "3 elements");
        assertRefused(() -> metadata.strings("words", 2), "3 elements");
    }

    private static GgufFile parse(byte[] bytes) {
        return GgufFile.parse(GgufBytes.FILE, MemorySegment.ofArray(bytes));
    }

    private static void replace(byte[] bytes, String old, String replacement) {
        byte[] with = replacement.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(with, 0, bytes, indexOf(bytes, old), with.length);
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .indexOf(
                        new String(
                                text.getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.ISO_8859_1));
    }

    private static void assertRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOf(VerificationFailed.class)
                .hasMessageStartingWith("model.gguf: ")
                .hasMessageContainingAll(parts);
    }
}
