package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Images on the command line: what the embedded model sees, and what is refused. */
class ImageCommandsTest {
    private static final String NANO = CommandRun.NANO.toAbsolutePath().toString();
    private static final String TEXT_ONLY =
            CommandRun.GOLDEN.resolve("model/scout-tiny").toAbsolutePath().toString();
    private static final String WHAT = "What is in the picture?";

    @TempDir private Path directory;

    @BeforeEach
    void draw() throws IOException {
        Drawing.save(Drawing.circle(Color.RED), directory.resolve("circle.png"));
        Drawing.save(Drawing.square(Color.BLUE), directory.resolve("square.png"));
        Drawing.save(Drawing.triangle(new Color(0, 150, 0)), directory.resolve("triangle.png"));
        Drawing.save(Drawing.threeCircles(Color.BLUE), directory.resolve("three.png"));
        Drawing.save(Drawing.digit("7", Color.BLACK), directory.resolve("seven.png"));
        Drawing.save(Drawing.png(224, 224, pen -> {}), directory.resolve("wide.png"));
        Files.writeString(directory.resolve("text.png"), "not an image");
    }

    private CommandRun run(String... args) {
        return CommandRun.with().directory(directory).run(args);
    }

    private CommandRun chat(String... args) {
        return run(
                Stream.concat(
                                Stream.of("chat", "-m", NANO, "--max-tokens", "32"),
                                Arrays.stream(args))
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "circle.png, What is in the picture?, red circle",
        "square.png, What is in the picture?, blue square",
        "triangle.png, What is in the picture?, green triangle",
        "three.png, How many circles are there?, three",
        "seven.png, Which number is in the picture?, 7",
    })
    void drawingsAreDescribed(String file, String question, String words) {
        CommandRun run = chat("-i", file, question);

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).containsIgnoringCase(words);
    }

    @Test
    void anImageMayComeByStandardInput() {
        CommandRun run =
                CommandRun.with()
                        .input(Drawing.circle(Color.RED))
                        .run("chat", "-m", NANO, "-i", "-", "--json", WHAT);

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.json().path("text").stringValue()).contains("red", "circle");
        JsonNode usage = run.json().path("usage");
        assertThat(usage.path("image_tokens").intValue()).isEqualTo(19);
    }

    @Test
    void aTextModelSaysSoBeforeItDecodes() {
        CommandRun run = run("tokens", "-m", TEXT_ONLY, "-i", "text.png");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("This model reads text only.", "mmproj");
    }

    @Test
    void whatIsNoImageIsNamed() {
        CommandRun run = chat("-i", "circle.png", "-i", "text.png", WHAT);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("The image text.png ").doesNotContain("messages[");
    }

    @Test
    void filesAreCheckedBeforeAnythingIsLoaded() throws IOException {
        Files.createDirectory(directory.resolve("folder"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(directory.resolve("large.png").toFile(), "rw")) {
            sparse.setLength((20 << 20) + 1);
        }

        refuses("there is no such file", "chat", "-m", "/no/model", "-i", "gone.png", WHAT);
        refuses("is a directory", "chat", "-m", "/no/model", "-i", "folder", WHAT);
        refuses("larger than an image may be: 20 MiB", "tokens", "-i", "large.png");
        refuses("--detail is about images", "chat", "--detail", "low", WHAT);
        refuses("named as two images", "chat", "-i", "-", "-i", "-", WHAT);
        refuses("standard input is an image", "chat", "-i", "-");
        refuses("exclude each other", "tokens", "--jsonl", "-i", "circle.png");
        refuses("--detail", "chat", "-i", "circle.png", "--detail", "medium", WHAT);
    }

    private void refuses(String message, String... args) {
        CommandRun run = run(args);

        assertThat(run.exit()).as(message).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
    }

    /** Tiles of 112 pixels, 16 tokens each: (4 + 1) * 16 + 4 + 3 = 87. */
    @Test
    void tokensAddUp() {
        CommandRun run =
                run("tokens", "-m", NANO, "--image", "wide.png", "-i", "circle.png", "Hello");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "wide.png: 224×224 pixels, on a canvas of 2 rows × 2 columns of tiles of 112"
                                + " pixels",
                        "     80  (4 tiles + overview) of 16 tokens",
                        "      4  separators behind the tiles",
                        "      3  start, image and end",
                        "     87  in all",
                        "circle.png: 112×112 pixels, on a canvas of 1 row × 1 column of tiles of 112"
                                + " pixels",
                        "     16  1 tile of 16 tokens",
                        "      3  start, image and end",
                        "     19  in all",
                        "  19556  \"Hello\"",
                        "107 tokens: 106 of images, 1 of text");
    }

    /** The text part lies alone in a folder, the vision part elsewhere. */
    @Test
    void theVisionPartCanBeNamed() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("alone"));
        for (int part = 1; part <= 2; part++) {
            String name = "scout-nano-q4_1-0000" + part + "-of-00002.gguf";
            Path file = Path.of(NANO, name).toRealPath();
            Files.createSymbolicLink(folder.resolve(name), file);
        }
        Files.copy(Path.of(NANO, "mmproj-scout-nano-q8_0.gguf"), directory.resolve("eye.gguf"));

        refuses("reads text only", "chat", "-m", folder.toString(), "-i", "circle.png", WHAT);
        refuses("reads text only", "tokens", "-m", folder.toString(), "-i", "circle.png");
        String[] named = {"-m", folder.toString(), "--mmproj", "eye.gguf", "-i", "circle.png"};
        String[] chat =
                Stream.concat(Stream.of("chat", WHAT), Stream.of(named)).toArray(String[]::new);
        String[] tokens =
                Stream.concat(Stream.of("tokens"), Stream.of(named)).toArray(String[]::new);
        assertThat(run(chat).out()).contains("red circle");
        assertThat(run(tokens).out()).contains("     19  in all");
    }

    @Test
    void tokensAsJson() {
        JsonNode high = run("tokens", "-m", NANO, "-i", "wide.png", "--json").json();
        JsonNode low =
                run("tokens", "-m", NANO, "-i", "wide.png", "--detail", "low", "--json").json();

        assertThat(high.path("images").toString())
                .isEqualTo(
                        "[{\"file\":\"wide.png\",\"width\":224,\"height\":224,\"tile_size\":112,"
                                + "\"rows\":2,\"columns\":2,\"tiles\":5,\"tokens_per_tile\":16,"
                                + "\"separators\":4,\"tokens\":87}]");
        assertThat(high.path("count").intValue()).isEqualTo(87);
        assertThat(low.path("count").intValue()).isEqualTo(19);
    }

    @Test
    void logitsOfPromptsWithImages() {
        String tokens =
                "[{\"tokens\": [8, 12, "
                        + "13, ".repeat(16)
                        + "9], \"images\": [\"circle.png\"]}, {\"tokens\": [0]}]";
        CommandRun run =
                CommandRun.with()
                        .directory(directory)
                        .input(tokens)
                        .run("logits", NANO, "--tokens", "-", "--out", "l.safetensors", "--json");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.json().path("positions").intValue()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[8, 12, 13, 9] | circle.png | 1 patch tokens",
                "[8, 12, 13, 9] | gone.png   | there is no such file",
                "[8, 12, 13, 9] | text.png   | The image text.png",
            })
    void logitsRefuseWhatDoesNotFit(String ids, String file, String message) {
        CommandRun run =
                CommandRun.with()
                        .directory(directory)
                        .input("[{\"tokens\": " + ids + ", \"images\": [\"" + file + "\"]}]")
                        .run("logits", NANO, "--tokens", "-", "--out", "l.safetensors");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void logitsOfATextModelTakeNoImages() {
        CommandRun run =
                CommandRun.with()
                        .directory(directory)
                        .input("[{\"tokens\": [1], \"images\": [\"circle.png\"]}]")
                        .run("logits", TEXT_ONLY, "--tokens", "-", "--out", "l.safetensors");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("This model reads text only.");
    }
}
