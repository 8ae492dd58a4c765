package org.scout4j.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.gguf.GgufSplit.PartName;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;

/** Models in parts, as llama.cpp's splitter writes them: all keys in the first part only. */
class GgufSplitTest {
    private static final String FIRST = "m-00001-of-00002.gguf";
    private static final String SECOND = "m-00002-of-00002.gguf";
    private static final int TENSORS = 3 + 4 * 6 + 2 * 3 + 2 * 7;

    @TempDir Path folder;

    @BeforeEach
    void split() throws IOException {
        write(FIRST, first());
        write(SECOND, second());
    }

    @Test
    void partsMakeOneModel() {
        for (Path named : new Path[] {folder, folder.resolve(FIRST), folder.resolve(SECOND)}) {
            try (Checkpoint checkpoint = Checkpoints.open(named)) {
                assertThat(checkpoint.files())
                        .containsExactly(folder.resolve(FIRST), folder.resolve(SECOND));
                assertThat(checkpoint.tensors()).hasSize(TENSORS);
                assertThat(checkpoint.path()).isEqualTo(named);
            }
        }
    }

    @Test
    void numbersMustAgree() throws IOException {
        write(SECOND, second().u32("split.tensors.count", TENSORS + 1));
        assertRefused(
                SECOND + ": split.tensors.count is " + (TENSORS + 1) + ", expected " + TENSORS);
        write(SECOND, second().u32("split.no", 0));
        assertRefused(SECOND + ": split.no is 0, expected 1");
        write(SECOND, second().u32("split.count", 3));
        assertRefused(SECOND + ": split.count is 3, expected 2");
        write(SECOND, second().without("split.no"));
        assertRefused(SECOND + ": split.no is missing, expected 1");
    }

    @Test
    void namesMustAgreeWithTheCount() throws IOException {
        Files.move(folder.resolve(FIRST), folder.resolve("m-00001-of-00003.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("m-00001-of-00003.gguf")))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(
                        "one of 2 parts, but its name does not end in -00001-of-00002");
        Files.move(
                folder.resolve("m-00001-of-00003.gguf"), folder.resolve("m-00003-of-00002.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("m-00003-of-00002.gguf")))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("one of 2 parts");
    }

    @Test
    void ofManyMissingPartsTheFirstAreNamed() throws IOException {
        write("big-00002-of-40000.gguf", second().u32("split.count", 40_000));
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("big-00002-of-40000.gguf")))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("39999 of 40000 parts of big are missing")
                .hasMessageContaining("big-00001-of-40000.gguf, big-00003-of-40000.gguf")
                .hasMessageEndingWith(", …");
    }

    @Test
    void aFileThatIsNotSplitMayBeCalledAnything() throws IOException {
        write("x-00001-of-00009.gguf", SmallGguf.llama4());
        Checkpoints.open(folder.resolve("x-00001-of-00009.gguf")).close();
    }

    @Test
    void namesOfParts() {
        assertThat(PartName.of(SECOND)).contains(new PartName("m", 2, 2));
        assertThat(PartName.of("a-00001-of-00002-00003-of-00004.gguf"))
                .contains(new PartName("a-00001-of-00002", 3, 4));
        assertThat(PartName.of("m-1-of-2.gguf")).isEmpty();
        assertThat(PartName.of("m-00001-of-00002.gguf.part")).isEmpty();
        assertThat(new PartName("m", 1, 12).part(7)).isEqualTo("m-00007-of-00012.gguf");
    }

    private static GgufBytes first() {
        return SmallGguf.llama4()
                .without("output_norm.weight")
                .u32("split.no", 0)
                .u32("split.count", 2)
                .u32("split.tensors.count", TENSORS);
    }

    private static GgufBytes second() {
        return new GgufBytes()
                .u32("split.no", 1)
                .u32("split.count", 2)
                .u32("split.tensors.count", TENSORS)
                .tensor("output_norm.weight", SmallGguf.HIDDEN);
    }

    private void write(String name, GgufBytes content) throws IOException {
        Files.write(folder.resolve(name), content.bytes());
    }

    private void assertRefused(String part) {
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(part);
    }
}
