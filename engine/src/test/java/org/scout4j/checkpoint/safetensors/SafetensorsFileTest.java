package org.scout4j.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

class SafetensorsFileTest {
    private static final String ONE = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]";

    @Test
    void tensorsAreFoundWhereTheyLie() {
        SafetensorsFile file =
                new SafetensorsBytes()
                        .tensor("a", 3)
                        .tensor("ß", 2, 2)
                        .tensor("empty", "F32", new long[] {0, 5}, new byte[0])
                        .tensor("scalar", "I64", new long[] {}, new byte[8])
                        .parse();
        assertThat(file.tensors())
                .extracting(StoredTensor::name)
                .containsExactly("a", "ß", "empty", "scalar");
        StoredTensor second = file.tensors().get(1);
        assertThat(second.shape()).isEqualTo(Shape.of(2, 2));
        assertThat(second.bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 12)).isEqualTo(7f);
        assertThat(file.tensors().get(3).shape()).isEqualTo(Shape.of());
    }

    @Test
    void orderIsThatOfTheDataNotOfTheHeader() {
        SafetensorsFile file =
                parse(
                        "{\"b\":{\"data_offsets\":[4,6],\"shape\":[1],\"dtype\":\"F16\",\"note\":[{}]},"
                                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  ",
                        6);
        assertThat(file.tensors()).extracting(StoredTensor::name).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource({
        "F64,F64,8",
        "F32,F32,4",
        "F16,F16,2",
        "BF16,BF16,2",
        "F8_E4M3,F8_E4M3,1",
        "F8_E5M2,F8_E5M2,1",
        "I64,I64,8",
        "I32,I32,4",
        "I16,I16,2",
        "I8,I8,1",
        "U8,U8,1",
        "BOOL,BOOL,1"
    })
    void everyTypeOfTheFormat(String name, DType dtype, int bytes) {
        SafetensorsFile file =
                new SafetensorsBytes().tensor("t", name, new long[] {1}, new byte[bytes]).parse();
        assertThat(file.tensors().getFirst().dtype()).isEqualTo(dtype);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 17, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE})
    void headerLengthsThatCannotBeAreRefused(long length) {
        byte[] bytes = SafetensorsBytes.le(24).putLong(length).put(new byte[16]).array();
        assertThatThrownBy(() ->
                        SafetensorsFile.parse(SafetensorsBytes.FILE, MemorySegment.ofArray(bytes)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("header claims " + Long.toUnsignedString(length) + " bytes");
    }

    @Test
    void aFileShorterThanItsLengthFieldIsRefused() {
        assertThatThrownBy(() ->
                        SafetensorsFile.parse(
                                SafetensorsBytes.FILE, MemorySegment.ofArray(new byte[7])))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("too short");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|not a JSON object",
                "\"x\"|not a JSON object",
                "{\"a\":1}|is described by VALUE_NUMBER_INT",
                "{\"a\":{}}|lacks one of dtype, shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}|lacks one of",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}|more than 2",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}|more than 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}|VALUE_NUMBER_FLOAT",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[null],\"data_offsets\":[0,8]}}|VALUE_NULL",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}|negative extent",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}|impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,8]}}|impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}|damaged JSON",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}|has 8 bytes, but F32[3] takes 12",
                "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}|has 8 bytes, but F16[2] takes 4",
                "{\"a\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[0,8]}}|unknown type U64",
                "{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,8]}}|VALUE_NUMBER_INT, not VALUE_STRING",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}|expected to begin at 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}}|of 8, expected",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}|expected to begin at 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|bytes that no tensor claims",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}|tensor b lies at bytes 2 to 6",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|expected to begin at 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {}|goes on behind",
                "{\"a\":{\"dtype\":\"F32\"|damaged JSON",
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|damaged JSON",
                "{\"__metadata__\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{}}}}}}}}}|damaged JSON",
            })
    void headersThatLieAreRefused(String header, String part) {
        assertThatThrownBy(() -> parse(header, 8))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(part);
    }

    @Test
    void theSameNameTwiceIsRefused() {
        assertThatThrownBy(() -> parse("{\"a\":{" + ONE + "},\"a\":{" + ONE + "}}", 8))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("damaged JSON: Duplicate");
    }

    @Test
    void aHundredThousandLevelsAreRefusedQuickly() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        long start = System.nanoTime();
        assertThatThrownBy(() -> parse(deep, 0)).isInstanceOf(VerificationFailed.class);
        assertThatThrownBy(() -> parse("{\"__metadata__\":" + deep + "}", 0))
                .isInstanceOf(VerificationFailed.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        byte[] bytes = SafetensorsBytes.file("{\"ab\":{" + ONE + "}}", new byte[8]);
        bytes[10] = (byte) 0xff;
        assertThatThrownBy(() ->
                        SafetensorsFile.parse(SafetensorsBytes.FILE, MemorySegment.ofArray(bytes)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("not valid UTF-8");
    }

    private static SafetensorsFile parse(String header, int dataBytes) {
        return SafetensorsFile.parse(
                SafetensorsBytes.FILE,
                MemorySegment.ofArray(SafetensorsBytes.file(header, new byte[dataBytes])));
    }
}
