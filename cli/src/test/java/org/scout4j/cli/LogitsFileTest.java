package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.error.InvalidRequest;

class LogitsFileTest {
    @TempDir private Path directory;

    @Test
    void writesSafetensors() throws IOException {
        Path target = directory.resolve("logits.safetensors");

        try (LogitsFile file = LogitsFile.create(target, new int[] {2, 0, 1}, 3)) {
            file.write(new float[] {1, 2, 3});
            file.write(new float[] {4, 5, 6});
            file.write(new float[] {-0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY});
            file.finish();
        }

        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(target)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong());
        assertThat((Long.BYTES + header) % 8).isZero();
        byte[] text = new byte[header];
        bytes.get(text);
        assertThat(new String(text, StandardCharsets.UTF_8).stripTrailing())
                .isEqualTo(
                        "{\"logits.0\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                                + "\"logits.1\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[24,24]},"
                                + "\"logits.2\":{\"dtype\":\"F32\",\"shape\":[1,3],\"data_offsets\":[24,36]}}");
        assertThat(bytes.remaining()).isEqualTo(36);
        float[] values = new float[9];
        bytes.asFloatBuffer().get(values);
        assertThat(values)
                .containsExactly(1, 2, 3, 4, 5, 6, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);
    }

    @Test
    void theSafetensorsOfTheTestsReadIt() throws IOException {
        Path target = directory.resolve("logits.safetensors");
        try (LogitsFile file = LogitsFile.create(target, new int[] {1}, 2)) {
            file.write(new float[] {0.5f, -1});
            file.finish();
        }

        assertThat(Safetensors.read(target).floats("logits.0")).containsExactly(0.5f, -1);
    }

    @Test
    void anUnfinishedFileLeavesNothing() throws IOException {
        Path target = Files.writeString(directory.resolve("old"), "kept");

        try (LogitsFile file = LogitsFile.create(target, new int[] {1}, 2)) {
            file.write(new float[] {1, 2});
        }

        assertThat(target).hasContent("kept");
        assertThat(files()).containsExactly(target);
    }

    @Test
    void aFinishedFileReplacesAnother() throws IOException {
        Path target = Files.writeString(directory.resolve("old"), "replaced");

        try (LogitsFile file = LogitsFile.create(target, new int[0], 2)) {
            file.finish();
        }

        assertThat(Files.size(target)).isEqualTo(16);
        assertThat(files()).containsExactly(target);
    }

    @Test
    void refusesWhatCannotBeWritten() {
        Path missing = directory.resolve("no/such/file");

        assertThatThrownBy(() -> LogitsFile.create(missing, new int[] {1}, 2))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(missing + " cannot be written: there is no such file or directory.");
        assertThatThrownBy(() -> LogitsFile.create(directory, new int[] {1}, 2))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(directory + " is a directory.");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
