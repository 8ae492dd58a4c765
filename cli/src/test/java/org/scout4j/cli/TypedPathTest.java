package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypedPathTest {
    @TempDir private Path directory;

    private TypedPath typed(String text) {
        return new TypedPath(
                text,
                CommandRun.with()
                        .directory(directory)
                        .variable("HOME", directory.toString())
                        .surroundings());
    }

    @Test
    void quotesAndHomeAreUnderstood() {
        assertThat(typed("a b.png").path()).isEqualTo("a b.png");
        assertThat(typed("'a b.png'").path()).isEqualTo("a b.png");
        assertThat(typed("\"it's.png\"").path()).isEqualTo("it's.png");
        assertThat(typed("'").path()).isEqualTo("'");
        assertThat(typed("").path()).isEmpty();
        assertThat(typed("~/a.png").path()).isEqualTo(directory + "/a.png");
        assertThat(typed("~b").path()).isEqualTo("~b");
    }

    @Test
    void filesAreOffered() throws IOException {
        Files.createDirectory(directory.resolve("art"));
        Files.writeString(directory.resolve("art/one.png"), "");
        Files.writeString(directory.resolve("a.png"), "");
        Files.writeString(directory.resolve(".hidden"), "");

        assertThat(typed("a").completions()).containsExactly("a.png", "art/");
        assertThat(typed("").completions()).containsExactly("a.png", "art/");
        assertThat(typed(".h").completions()).containsExactly(".hidden");
        assertThat(typed("art/o").completions()).containsExactly("art/one.png");
        assertThat(typed("~/art/").completions()).containsExactly("~/art/one.png");
        assertThat(typed("nowhere/x").completions()).isEmpty();
    }
}
