package org.scout4j.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.MappedCheckpoint;
import org.scout4j.checkpoint.Mutation;
import org.scout4j.error.ScoutException;
import org.scout4j.error.VerificationFailed;

/** Damaged files are refused as such, quickly: never another exception, never endless work. */
class HostileGgufTest {
    private static final long SEED = 0x5c007;
    private static final int DAMAGES = 600;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scout-tiny.q4_0",
                "llama-dense-tiny.q4_0",
                "maverick-tiny.q8_0",
                "kquant.q2_k"
            })
    void damagedHeaders(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(golden("gguf/" + name + ".gguf"));
        byte[] scratch = bytes.clone();
        int header = headerLength(bytes);
        SplittableRandom random = new SplittableRandom(SEED);
        long start = System.nanoTime();
        int refused = 0;
        for (int i = 0; i < DAMAGES; i++) {
            Mutation.damage(bytes, scratch, header, random);
            refused += refused(scratch, name + " #" + i);
        }
        assertThat(refused).as("most damages are noticed").isGreaterThan(DAMAGES / 4);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scout-tiny.q4_0", "llama-dense-tiny.f32"})
    void truncatedFiles(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(golden("gguf/" + name + ".gguf"));
        int cut = 0;
        for (byte[] part : Mutation.truncated(bytes, 300, new SplittableRandom(SEED))) {
            assertThat(refused(part, name + " cut to " + part.length)).isEqualTo(1);
            cut++;
        }
        assertThat(cut).isEqualTo(300);
    }

    @Test
    void aTruncatedFileOnDiskIsRefusedWithItsTensor(@TempDir Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(golden("gguf/scout-tiny.q4_0.gguf"));
        Path file = folder.resolve("cut.gguf");
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Checkpoints.open(file))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("tensor ")
                .hasMessageContaining(" on of the data, the file has ");
    }

    /** Lists longer than any vocabulary, one or many, are refused before they are read. */
    @Test
    void listsAsBombs() {
        long start = System.nanoTime();
        GgufBytes million =
                SmallGguf.llama4()
                        .text("tokenizer.ggml.model", "gpt2")
                        .array(
                                "tokenizer.ggml.tokens",
                                GgufBytes.STRING,
                                3_000_000,
                                new byte[24_000_000]);
        assertThatThrownBy(() -> SmallGguf.open(million))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("3000000 elements");
        GgufBytes many = new GgufBytes();
        for (int i = 0; i < 20; i++) {
            many.array("k" + i, GgufBytes.U8, 1_000_000, new byte[1_000_000]);
        }
        assertThatThrownBy(many::parse)
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("larger than any model's");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    private static int refused(byte[] bytes, String which) {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = GgufFile.parse(GgufBytes.FILE, MemorySegment.ofArray(bytes));
            MappedCheckpoint.verified(GgufModel.of(GgufBytes.FILE, List.of(file)), arena);
            return 0;
        } catch (ScoutException expected) {
            return 1;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(which + ", seed " + SEED, e);
        }
    }

    private static int headerLength(byte[] bytes) {
        GgufFile file = GgufFile.parse(GgufBytes.FILE, MemorySegment.ofArray(bytes));
        long data = file.tensors().stream().mapToLong(t -> t.bytes().byteSize()).sum();
        return Math.toIntExact(bytes.length - data);
    }
}
