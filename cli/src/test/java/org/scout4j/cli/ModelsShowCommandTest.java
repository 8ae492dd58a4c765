package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelsShowCommandTest {
    private static final List<String> NANO_FILES =
            List.of(
                    "scout-nano-q4_1-00001-of-00002.gguf",
                    "scout-nano-q4_1-00002-of-00002.gguf",
                    "mmproj-scout-nano-q8_0.gguf");

    @Test
    void theDefaultModelForPeople() {
        CommandRun run = CommandRun.of("models", "show");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("(3 files)")
                .containsIgnoringCase("licence apache-2.0")
                .contains(
                        "40: 30 rotary in chunks of 8 192, 10 global; 30 dense, 10 with 4 experts, 1 a")
                .contains("9 of 64, 3 for keys and values; hidden 576; vocabulary 49 152")
                .contains("8 192 tokens")
                .contains("; vision 2.6")
                .contains("the template of its files")
                .contains("fits");
    }

    /** Numbers of models/scout-nano/README.md. */
    @Test
    void theDefaultModelForPrograms() throws IOException {
        CommandRun run = CommandRun.of("models", "show", "--json", "--backend", "scalar");

        assertThat(run.exit()).isZero();
        JsonNode json = run.json();
        assertThat(json.path("schema_version").intValue()).isEqualTo(1);
        assertThat(json.path("architecture").stringValue()).isEqualTo("llama4");
        assertThat(json.path("layers").toString())
                .isEqualTo("{\"total\":40,\"rotary\":30,\"global\":10,\"dense\":30,\"expert\":10}");
        assertThat(json.path("parameters").path("text").longValue())
                .isBetween(145_000_000L, 155_000_000L);
        assertThat(json.path("parameters").path("active").longValue())
                .isLessThan(json.path("parameters").path("text").longValue());
        assertThat(json.path("parameters").path("vision").longValue()).isEqualTo(2_569_344);
        long files = 0;
        for (String name : NANO_FILES) {
            files += Files.size(CommandRun.NANO.resolve(name));
        }
        assertThat(json.path("stored_bytes").longValue())
                .isLessThanOrEqualTo(files)
                .isGreaterThan(files * 9 / 10);
        // 2 (keys, values) × 3 heads × 64 × 4 bytes × layers
        assertThat(json.path("kv_bytes_per_token").path("local").longValue())
                .isEqualTo(2 * 3 * 64 * 4 * 30);
        assertThat(json.path("kv_bytes_per_token").path("global").longValue())
                .isEqualTo(2 * 3 * 64 * 4 * 10);
        assertThat(json.path("backend").stringValue()).contains("scalar");
        assertThat(json.path("plan").path("fits").booleanValue()).isTrue();
        assertThat(json.path("plan").path("slots").intValue()).isEqualTo(1);
        assertThat(json.path("plan").path("context").intValue()).isEqualTo(8192);
        assertThat(json.path("plan").path("needed_bytes").longValue())
                .isGreaterThan(json.path("stored_bytes").longValue());
    }

    @Test
    void aHuggingFaceDirectory() {
        Path model = CommandRun.GOLDEN.resolve("model/scout-tiny");

        CommandRun run = CommandRun.of("models", "show", model.toString(), "--ctx", "64", "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.json().path("layers").path("global").intValue()).isEqualTo(2);
        assertThat(run.json().path("types").path(0).path("type").stringValue()).isEqualTo("F32");
        assertThat(run.json().path("plan").path("context").intValue()).isEqualTo(64);
    }

    @Test
    void whatIsNoModel(@TempDir Path directory) throws IOException {
        Path rubbish =
                Files.writeString(directory.resolve("rubbish.gguf"), "GGUF and nothing else");

        assertThat(CommandRun.of("models", "show", rubbish.toString()).exit()).isEqualTo(4);
        assertThat(CommandRun.of("models", "show", directory.resolve("gone").toString()).exit())
                .isEqualTo(3);
    }
}
