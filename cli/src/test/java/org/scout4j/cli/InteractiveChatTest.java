package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.LoadOptions;
import org.scout4j.ResponseFormat;
import org.scout4j.Scout;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.ToolChoice;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conversation with JLine on a terminal made of streams, and the embedded model. */
class InteractiveChatTest {
    private static final String QUESTION = "What is the capital of Norway?";
    private static final String ANSWER = "The capital of Norway is Oslo.\n\n";

    private static final Path TOOLS = Path.of("src/test/resources/tools.json").toAbsolutePath();

    private static Scout scout;

    @TempDir private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final SamplingFlags sampling = new SamplingFlags();
    private AnswerForm form = AnswerForm.FREE;
    private @Nullable Runnable atFirstText;

    @BeforeAll
    static void load() {
        scout = Scout.load(CommandRun.NANO, LoadOptions.builder().slots(1).context(1024).build());
    }

    @AfterAll
    static void close() {
        scout.close();
    }

    private void chat(String keys) throws IOException {
        OutputStream answers =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        out.write(b);
                        if (atFirstText != null) {
                            atFirstText.run();
                            atFirstText = null;
                        }
                    }
                };
        Surroundings here =
                new Surroundings(
                        new ByteArrayInputStream(new byte[0]),
                        new Output(answers),
                        new Output(err),
                        new Surroundings.Terminals(true, true, false),
                        Map.of("XDG_STATE_HOME", directory.toString()),
                        Optional.empty(),
                        directory,
                        new Interruption());
        try (Terminal terminal =
                new DumbTerminal(
                        new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8)),
                        new ByteArrayOutputStream())) {
            if (atFirstText != null) {
                atFirstText = () -> terminal.raise(Terminal.Signal.INT);
            }
            InteractiveChat chat =
                    new InteractiveChat(
                            scout,
                            terminal,
                            sampling,
                            form,
                            new AttachedImages(scout, ImageData.Detail.HIGH, here),
                            null,
                            new OutputFlags(),
                            here);
            assertThat(chat.run()).isZero();
        }
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void answersUntilTheInputEnds() throws IOException {
        chat(QUESTION + "\n\n" + QUESTION + "\n");

        // The second question is asked after the first and its answer.
        assertThat(out()).startsWith(ANSWER).hasSizeGreaterThan(ANSWER.length());
        assertThat(err()).contains("/help lists commands");
    }

    @Test
    void byeQuits() throws IOException {
        chat("/bye\n" + QUESTION + "\n");

        assertThat(out()).isEmpty();
    }

    @Test
    void clearUndoAndRegenerate() throws IOException {
        chat(
                QUESTION
                        + "\n/regen\n/undo\n/undo\n"
                        + QUESTION
                        + "\n/clear\n"
                        + QUESTION
                        + "\n/bye\n");

        assertThat(out()).isEqualTo(ANSWER.repeat(4));
        assertThat(err())
                .contains(
                        "At temperature 0 an answer repeats",
                        "Taken back: " + QUESTION,
                        "There is nothing to take back.",
                        "The conversation is empty.");
    }

    @Test
    void aBlockIsOneQuestion() throws IOException {
        chat("\"\"\"What is the capital\nof Norway?\n\"\"\"\n/save talk.json\n/bye\n");

        assertThat(directory.resolve("talk.json"))
                .content()
                .contains("\"content\":\"What is the capital\\nof Norway?\"");
    }

    @Test
    void savesWhatWasSaid() throws IOException {
        chat("/system Be brief.\n" + QUESTION + "\n/save talk.md\n/save talk.md\n/bye\n");

        assertThat(directory.resolve("talk.md"))
                .content()
                .contains("## system\n\nBe brief.\n", "## user\n\n" + QUESTION, "## assistant\n\n");
    }

    @Test
    void parametersCanBeSetAndSeen() throws IOException {
        chat(
                "/set max_tokens 2\n/set temperature 9\n/set humour 1\n/show params\n"
                        + QUESTION
                        + "\n/stats\n/show model\n/tokens Hello\n/bye\n");

        assertThat(out()).isEqualTo("The capital\n\n");
        assertThat(err())
                .contains(
                        "max_tokens          2",
                        "temperature         0.0",
                        "temperature must be between 0 and 5",
                        "There is no parameter humour",
                        "cut by its length",
                        "answer 2 tok",
                        "context 20 of 1024 tokens",
                        "layers   40, 576 wide",
                        "1 token: \"Hello\"");
    }

    @Test
    void unknownCommandsAreExplained() throws IOException {
        chat("/frobnicate\n/show\n/set\n/save\n/regen\n/help\n/bye\n");

        assertThat(out()).isEmpty();
        assertThat(err())
                .contains(
                        "There is no command /frobnicate.",
                        "/show takes params or model.",
                        "/set takes a name and a value.",
                        "/save takes a file name.",
                        "There is no question yet.",
                        "/system TEXT");
    }

    @Test
    void ctrlCStopsTheAnswerOnly() throws IOException {
        atFirstText = () -> {};
        chat("Count from one to a hundred.\n/clear\n" + QUESTION + "\n/bye\n");

        assertThat(err()).contains("stopped; /regen");
        assertThat(out()).endsWith("\n\n" + ANSWER);
        assertThat(out().length()).isLessThan(100 + ANSWER.length());
    }

    @Test
    void aQuestionTooLongIsRefusedAndForgotten() throws IOException {
        chat("x ".repeat(2000) + "\n" + QUESTION + "\n/bye\n");

        assertThat(err()).contains("the context holds 1024");
        assertThat(out()).isEqualTo(ANSWER);
    }

    @Test
    void answersCanBeHeldToASchemaAndLetGo() throws IOException {
        Files.writeString(directory.resolve("s.json"), "{\"enum\": [\"Oslo\", \"Rome\"]}");
        Files.writeString(directory.resolve("bad.json"), "{\"$ref\": \"http://x/y\"}");
        chat(
                "/schema s.json\n"
                        + QUESTION
                        + "\n/clear\n/schema off\n"
                        + QUESTION
                        + "\n/schema\n/schema gone.json\n/schema bad.json\n/bye\n");

        assertThat(out()).matches("\"(Oslo|Rome)\"\n\n" + ANSWER);
        assertThat(err())
                .contains(
                        "Answers are held to s.json",
                        "Answers are free text.",
                        "/schema takes a file name",
                        "gone.json cannot be read: there is no such file",
                        "'$ref' at",
                        "scout4j schema check bad.json");
    }

    @Test
    void theUserGivesTheResultsOfCalls() throws IOException {
        form =
                new AnswerForm(
                        ResponseFormat.TEXT,
                        ToolFlags.tools(TOOLS.toString(), CommandRun.with().surroundings()),
                        new ToolChoice.Named("get_sky"));
        sampling.maxTokens = 40;
        chat(QUESTION + "\n7 degrees\n/save talk.json\n/bye\n");

        assertThat(out()).startsWith("get_sky({\"city\":").doesNotContain("7 degrees\n\nget_sky");
        JsonNode talk =
                JsonMapper.shared().readTree(Files.readString(directory.resolve("talk.json")));
        JsonNode messages = talk.path("messages");
        JsonNode function = messages.path(1).path("tool_calls").path(0).path("function");
        assertThat(function.path("name").asString()).isEqualTo("get_sky");
        assertThat(messages.path(2).path("content").asString()).isEqualTo("7 degrees");
        assertThat(messages.path(2).path("tool_call_id"))
                .isEqualTo(messages.path(1).path("tool_calls").path(0).path("id"));
        assertThat(messages.path(3).path("role").asString()).isEqualTo("assistant");
    }

    @Test
    void withoutAResultTheQuestionIsForgotten() throws IOException {
        form =
                new AnswerForm(
                        ResponseFormat.TEXT,
                        ToolFlags.tools(TOOLS.toString(), CommandRun.with().surroundings()),
                        new ToolChoice.Named("get_sky"));
        chat(QUESTION + "\n\n/tools off\n" + QUESTION + "\n/tools\n/bye\n");

        assertThat(out()).startsWith("get_sky(").endsWith("\n\n" + ANSWER);
        assertThat(err())
                .contains(
                        "cancelled; the question is forgotten", "No tools.", "/tools takes a file");
    }

    @Test
    void imagesGoWithTheNextQuestion() throws IOException {
        Drawing.save(Drawing.circle(Color.RED), directory.resolve("circle.png"));
        Drawing.save(Drawing.png(224, 224, pen -> {}), directory.resolve("wide.png"));
        chat(
                "/image 'wide.png'\n/image circle.png\n/image off\n/image circle.png\n"
                        + "What is in the picture?\n/stats\n/save talk.json\n/regen\n"
                        + "/undo\n/image gone.png\n/image\n/bye\n");

        assertThat(out()).matches("(?s)(.*red circle.*\n\n)\\1");
        assertThat(err())
                .contains(
                        "wide.png: 224×224, 2×2 tiles + overview, 87 tokens",
                        "circle.png: 112×112, 1 tile, 19 tokens",
                        "2 images, 106 tokens",
                        "No images.",
                        " tok (19 of images)",
                        "Taken back: What is in the picture? (with circle.png)",
                        "gone.png cannot be read: there is no such file",
                        "/image takes a file name, or off.");
        JsonNode talk =
                JsonMapper.shared().readTree(Files.readString(directory.resolve("talk.json")));
        JsonNode content = talk.path("messages").path(0).path("content");
        assertThat(content.path(0).path("image_url").path("url").asString())
                .startsWith("data:image/png;base64,iVBOR");
        assertThat(content.path(1).path("text").asString()).isEqualTo("What is in the picture?");
    }

    /** A question that was refused may be asked again, shorter, of the same image. */
    @Test
    void imagesOfARefusedQuestionStayAttached() throws IOException {
        Drawing.save(Drawing.circle(Color.RED), directory.resolve("circle.png"));
        chat("/image circle.png\n" + "x ".repeat(2000) + "\nWhat is in the picture?\n/bye\n");

        assertThat(err()).contains("the context holds 1024");
        assertThat(out()).contains("red circle");
    }

    @Test
    void historyIsKeptForItsOwnerOnly() throws IOException {
        chat(QUESTION + "\n/bye\n");

        Path history = directory.resolve("scout4j/history");
        assertThat(history).content().contains(QUESTION);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
                .isEqualTo("rw-------");
    }
}
