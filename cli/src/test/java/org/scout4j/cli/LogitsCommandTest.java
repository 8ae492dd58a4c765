package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogitsCommandTest {
    private static final float TOLERANCE = 1e-3f;
    private static final Path TINY = CommandRun.GOLDEN.resolve("model/scout-tiny");

    @TempDir private Path directory;

    private CommandRun run(Path model, String tokens, String... more) {
        String[] first = {"logits", model.toString(), "--tokens", "-", "--out", out().toString()};
        String[] args = Stream.of(first, more).flatMap(Arrays::stream).toArray(String[]::new);
        return CommandRun.with().input(tokens).run(args);
    }

    private Path out() {
        return directory.resolve("logits.safetensors");
    }

    @ParameterizedTest
    @CsvSource({
        "model/scout-tiny, vector",
        "model/scout-tiny, scalar",
        "model/maverick-tiny, vector",
        "model/maverick-tiny, scalar",
        "model/scout-bf16-sharded, auto",
        "model/llama-dense-tiny, auto",
        "model/scout-odd, auto",
        "quantised/scout-tiny-w4a16, auto",
        "quantised/scout-tiny-fp8, auto",
    })
    void everyPositionEqualsTheReference(String model, String backend) throws IOException {
        Path folder = CommandRun.GOLDEN.resolve(model);
        equalsReference(
                folder, folder.resolve("expected.safetensors"), ".logits", "--backend", backend);
    }

    @ParameterizedTest
    @CsvSource({"scout-tiny.q4_0, vector", "scout-tiny.q4_0, scalar", "kquant.q4_k_m, auto"})
    void everyPositionOfGgufEqualsTheReference(String name, String backend) throws IOException {
        Path folder = CommandRun.GOLDEN.resolve("gguf");
        equalsReference(
                folder.resolve(name + ".gguf"),
                folder.resolve(name + ".expected.safetensors"),
                ".float.logits",
                "--backend",
                backend,
                "--threads",
                "1");
    }

    private void equalsReference(Path model, Path reference, String suffix, String... more)
            throws IOException {
        Safetensors expected = Safetensors.read(reference);
        List<String> tags =
                expected.names().stream()
                        .filter(name -> name.startsWith("p") && name.endsWith(".input_ids"))
                        .map(name -> name.substring(0, name.indexOf('.')))
                        .toList();
        String tokens =
                tags.stream()
                        .map(tag -> Arrays.toString(expected.ints(tag + ".input_ids")))
                        .collect(Collectors.joining(",", "[", "]"));

        CommandRun run = run(model, tokens, more);

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        Safetensors actual = Safetensors.read(out());
        assertThat(actual.names()).hasSameSizeAs(tags).isNotEmpty();
        for (int i = 0; i < tags.size(); i++) {
            String golden = tags.get(i) + suffix;
            assertThat(actual.shape("logits." + i)).isEqualTo(expected.shape(golden));
            assertThat(largestDifference(actual.floats("logits." + i), expected.floats(golden)))
                    .as(golden)
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    private static float largestDifference(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        float largest = 0;
        for (int i = 0; i < actual.length; i++) {
            float difference = Math.abs(actual[i] - expected[i]);
            largest = difference <= largest ? largest : difference; // a NaN is the largest
        }
        return largest;
    }

    @Test
    void emptyPromptsHaveEmptyTensors() throws IOException {
        CommandRun run = run(TINY, "[[], [1], []]", "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.json().path("positions").intValue()).isEqualTo(1);
        assertThat(run.json().path("vocabulary").intValue()).isEqualTo(320);
        Safetensors written = Safetensors.read(out());
        assertThat(written.shape("logits.0")).containsExactly(0, 320);
        assertThat(written.shape("logits.1")).containsExactly(1, 320);
        assertThat(written.shape("logits.2")).containsExactly(0, 320);
    }

    @Test
    void noPromptsIsAnEmptyFile() throws IOException {
        assertThat(run(TINY, "[]").exit()).isZero();
        assertThat(Safetensors.read(out()).names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"320", "-1", "2147483647"})
    void anUnknownIdIsNamed(int id) {
        CommandRun run = run(TINY, "[[1, 2], [3, " + id + "]]");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(
                        "scout4j: Prompt 1 (counted from 0) holds the token id "
                                + id
                                + "; this model's ids are 0 to 319.");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void failuresLeaveNoFile() {
        assertThat(run(TINY, "nonsense").exit()).isEqualTo(2);
        assertThat(run(TINY, "[[1]]", "--backend", "abacus").exit()).isEqualTo(2);
        assertThat(run(directory.resolve("gone"), "[[1]]").exit()).isEqualTo(3);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theTargetMustBeWritable() throws IOException {
        CommandRun run =
                CommandRun.with()
                        .input("[[1]]")
                        .run(
                                "logits",
                                "-m",
                                TINY.toString(),
                                "--tokens=-",
                                "--out=" + directory.resolve("no/such/place"));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("cannot be written: there is no such file or directory");
    }

    @Test
    void ctrlCLeavesNoFile() throws IOException {
        Interruption interruption = new Interruption();
        interruption.raise();
        Files.writeString(directory.resolve("tokens.json"), "[[1, 2, 3]]");

        CommandRun run =
                CommandRun.with()
                        .interruption(interruption)
                        .run(
                                "logits",
                                TINY.toString(),
                                "--tokens=" + directory.resolve("tokens.json"),
                                "--out=" + out());

        assertThat(run.exit()).isEqualTo(130);
        assertThat(out()).doesNotExist();
        assertThat(directory).isDirectoryNotContaining("glob:**.partial");
    }
}
