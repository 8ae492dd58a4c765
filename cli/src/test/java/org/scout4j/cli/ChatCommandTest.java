package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** On the embedded model; what it answers is in models/scout-nano/expected.txt. */
class ChatCommandTest {
    private static final String NANO = CommandRun.NANO.toString();
    private static final String NANO_PATH = CommandRun.NANO.toAbsolutePath().toString();
    private static final String TOOLS =
            Path.of("src/test/resources/tools.json").toAbsolutePath().toString();
    private static final String QUESTION = "What is the capital of Norway?";
    private static final String ANSWER = "The capital of Norway is Oslo.";

    @Test
    void answersTheQuestion() {
        CommandRun run = CommandRun.of("chat", QUESTION);

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo(ANSWER + "\n");
        assertThat(run.err().lines())
                .hasSizeBetween(1, 2)
                .first()
                .asString()
                .contains("Demonstration model");
        assertThat(run.err()).contains("-m MODEL", "SCOUT4J_MODEL");
    }

    @Test
    void aNamedModelNeedsNoWarning() {
        CommandRun run =
                CommandRun.with()
                        .input(QUESTION + "\n")
                        .variable("SCOUT4J_MODEL", NANO)
                        .run("chat", "--no-stream", "--verbose");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo(ANSWER + "\n");
        assertThat(run.err())
                .matches(
                        "prompt 18 tok [\\d.]+ tok/s · answer 8 tok [\\d.]+ tok/s · TTFT [\\d.]+ m?s\n");
    }

    @Test
    void oneJsonObject() {
        CommandRun run =
                CommandRun.of("chat", "-m", NANO, "--json", "--backend", "vector", QUESTION);

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        JsonNode json = run.json();
        assertThat(json.propertyNames())
                .containsExactly(
                        "schema_version",
                        "model",
                        "text",
                        "finish_reason",
                        "usage",
                        "timings",
                        "seed");
        assertThat(json.path("schema_version").intValue()).isEqualTo(1);
        assertThat(json.path("model").stringValue()).containsIgnoringCase("nano");
        assertThat(json.path("text").stringValue()).isEqualTo(ANSWER);
        assertThat(json.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(json.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":18,\"completion_tokens\":8,\"total_tokens\":26}");
        assertThat(json.path("timings").path("prefill_ms").doubleValue()).isPositive();
        assertThat(json.path("seed").longValue()).isZero();
    }

    @Test
    void pipedTextFollowsThePrompt() {
        String joined =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Say it.\\n\\nü\\n 1\"}]}\n";
        CommandRun tokens =
                CommandRun.with().input(joined).run("tokens", "-m", NANO, "--chat", "--jsonl");
        int expected = tokens.json().path("ids").size();

        CommandRun run =
                CommandRun.with()
                        .input("ü\n 1\n")
                        .run("chat", "-m", NANO, "--json", "--max-tokens", "1", "Say", "it.");

        assertThat(run.json().path("usage").path("prompt_tokens").intValue()).isEqualTo(expected);
    }

    @Test
    void aCutAnswerCanFail() {
        CommandRun run =
                CommandRun.of(
                        "chat", "-m", NANO, "--max-tokens", "2", "--fail-on-length", QUESTION);

        assertThat(run.exit()).isEqualTo(9);
        assertThat(run.out()).isEqualTo("The capital\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void stopTextsEndTheAnswer() {
        CommandRun run =
                CommandRun.of(
                        "chat", "-m", NANO, "--stop", " is", "--stop", "xyz", "--json", QUESTION);

        assertThat(run.json().path("text").stringValue()).isEqualTo("The capital of Norway");
        assertThat(run.json().path("finish_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void aSeedRepeatsAnAnswer() {
        String[] args = {
            "chat", "-m", NANO, "--temp", "1.5", "--max-tokens", "12", "--json", "Tell me a story."
        };

        CommandRun first = CommandRun.of(args);
        String seed = first.json().path("seed").toString();
        String[] seeded = Arrays.copyOf(args, args.length + 1);
        System.arraycopy(args, 1, seeded, 2, args.length - 1);
        seeded[1] = "--seed=" + seed;
        CommandRun second = CommandRun.of(seeded);

        assertThat(second.json().path("seed").toString()).isEqualTo(seed);
        assertThat(second.json().path("text")).isEqualTo(first.json().path("text"));
    }

    @Test
    void theSystemTextComesFirst() {
        String joined =
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                        + "{\"role\":\"user\",\"content\":\"Hi\"}]}\n";
        int expected =
                CommandRun.with()
                        .input(joined)
                        .run("tokens", "-m", NANO, "--chat", "--jsonl")
                        .json()
                        .path("ids")
                        .size();

        CommandRun run =
                CommandRun.of(
                        "chat", "-m", NANO, "-s", "Be brief.", "--max-tokens=1", "--json", "Hi");

        assertThat(run.json().path("usage").path("prompt_tokens").intValue()).isEqualTo(expected);
    }

    @Test
    void aTooSmallContextIsRefusedWithNumbers() {
        CommandRun run = CommandRun.of("chat", "-m", NANO, "--ctx", "17", QUESTION);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("scout4j: The request needs 19 tokens, the context holds 17.");
    }

    @Test
    void aContextBeyondTheModelsIsRefused() {
        CommandRun run = CommandRun.of("chat", "-m", NANO, "--ctx", "16K", "--json", QUESTION);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.jsonError().path("message").stringValue()).contains("16384", "8192");
    }

    @Test
    void nothingToAskIsAnError() {
        CommandRun run = CommandRun.with().input("\n").run("chat");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("scout4j: There is no prompt");
    }

    @Test
    void aConversationIsNoJson() {
        CommandRun run = CommandRun.with().terminals(true, true, true).run("chat", "--json");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.jsonError().path("message").stringValue()).contains("--json needs a prompt");
    }

    @Test
    void anUnknownBackendIsRefused() {
        CommandRun run = CommandRun.of("chat", "-m", NANO, "--backend", "abacus", "Hi");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("abacus").doesNotContain("\tat ");
    }

    @Test
    void aDamagedFileIsOneSentence(@TempDir Path directory) throws IOException {
        byte[] whole = Files.readAllBytes(CommandRun.GOLDEN.resolve("gguf/scout-tiny.q4_0.gguf"));
        Path torn =
                Files.write(directory.resolve("torn.gguf"), Arrays.copyOf(whole, whole.length / 2));

        CommandRun run = CommandRun.of("chat", "-m", torn.toString(), "Hi");
        CommandRun json = CommandRun.of("chat", "-m", torn.toString(), "--json", "Hi");

        assertThat(run.exit()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("scout4j: torn.gguf: ").doesNotContain("\tat ");
        assertThat(run.err().lines().count()).isLessThanOrEqualTo(3);
        assertThat(json.exit()).isEqualTo(4);
        assertThat(json.jsonError().path("code").stringValue()).isEqualTo("verification_failed");
        assertThat(json.jsonError().path("exit").intValue()).isEqualTo(4);
    }

    @Test
    void anEmptyDirectoryIsNoModel(@TempDir Path directory) {
        CommandRun run = CommandRun.of("chat", "-m", directory.toString(), "Hi");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).startsWith("scout4j: ").doesNotContain("\tat ");
    }

    @Test
    void anAnswerUnderASchemaIsJson(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("city.json"),
                """
                {"type": "object", "properties": {"capital": {"enum": ["Oslo", "Rome"]},
                 "large": {"type": "boolean"}}, "required": ["capital", "large"],
                 "additionalProperties": false}
                """);

        CommandRun run =
                CommandRun.with()
                        .directory(directory)
                        .run("chat", "-m", NANO_PATH, "--json-schema", "city.json", QUESTION);

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.json().path("capital").stringValue()).isIn("Oslo", "Rome");
        assertThat(run.json().path("large").isBoolean()).isTrue();
        assertThat(run.out()).endsWith("}\n");
    }

    @Test
    void aSchemaThatCannotBeEnforcedIsRefusedBeforeLoading(@TempDir Path directory)
            throws IOException {
        Files.writeString(
                directory.resolve("s.json"),
                "{\"properties\": {\"a\": {\"type\": \"string\", \"format\": \"regex\"}}}");
        for (String command : new String[] {"chat", "complete"}) {
            CommandRun run =
                    CommandRun.with()
                            .directory(directory)
                            .run(command, "-m", "gone", "--json-schema", "s.json", QUESTION);

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains("'format' at /properties/a", "scout4j schema check s.json");
            assertThat(run.err().lines().count()).isEqualTo(2);
        }
    }

    @Test
    void textsAndPatternsHoldAnAnswerToo() {
        CommandRun choice =
                CommandRun.of("chat", "-m", NANO, "--choice", "Rome", "--choice", "Oslo", QUESTION);
        CommandRun regex = CommandRun.of("complete", "-m", NANO, "--regex", "[A-C]{3}x?", "Say");

        assertThat(choice.out()).isIn("Rome\n", "Oslo\n");
        assertThat(regex.out()).matches("[A-C]{3}x?\n");
    }

    @Test
    void callsAreShownAsCalls() {
        String[] args = {
            "chat", "-m", NANO, "--tools", TOOLS, "--tool-choice", "get_sky", QUESTION, "--json"
        };
        CommandRun text = CommandRun.of(Arrays.copyOf(args, args.length - 1));
        CommandRun json = CommandRun.of(args);

        assertThat(text.exit()).isZero();
        assertThat(text.out()).startsWith("get_sky({").endsWith("})\n");
        assertThat(json.exit()).isZero();
        assertThat(json.json().path("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(json.json().path("text").stringValue()).isEmpty();
        JsonNode call = json.json().path("tool_calls").path(0);
        assertThat(call.path("id").stringValue()).startsWith("call_");
        assertThat(call.path("type").stringValue()).isEqualTo("function");
        assertThat(call.path("function").path("name").stringValue()).isEqualTo("get_sky");
        String arguments = call.path("function").path("arguments").stringValue();
        assertThat(JsonMapper.shared().readTree(arguments).path("city").isString()).isTrue();
        assertThat(text.out().lines().findFirst().orElse(""))
                .isEqualTo("get_sky(" + arguments + ")");
    }

    @Test
    void toolsThatMayNotBeCalledAreNot() {
        CommandRun run =
                CommandRun.of(
                        "chat", "-m", NANO, "--tools", TOOLS, "--tool-choice", "none", QUESTION);

        assertThat(run.out()).isEqualTo(ANSWER + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--json-schema gone.json hi           | gone.json cannot be read: there is no such",
                "--json-schema - hi                   | - cannot be read",
                "--json-schema LICENSE hi             | The schema is not JSON",
                "--regex (a hi                        | cannot be held to this --regex",
                "--regex a --choice b hi              | exclude each other",
                "--tool-choice none hi                | --tool-choice is about tools",
                "--tools LICENSE hi                   | LICENSE is not JSON",
                "--tools pom.xml hi                   | pom.xml is not JSON",
                "--tools gone.json hi                 | gone.json cannot be read",
            })
    void whatCannotHoldAnAnswerIsTwoLines(String flags, String message) {
        CommandRun run =
                CommandRun.with()
                        .directory(CommandRun.CHECKOUT)
                        .run(("chat -m gone " + flags).split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("scout4j: ").contains(message);
        assertThat(run.err().lines().count()).isLessThanOrEqualTo(2);
    }

    @Test
    void aToolThatIsNotThereCannotBeChosen() {
        CommandRun run =
                CommandRun.of(
                        "chat", "-m", "gone", "--tools", TOOLS, "--tool-choice", "get_moon", "hi");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("'get_moon'");
    }

    @Test
    void ctrlCKeepsWhatCame() {
        Interruption interruption = new Interruption();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream interrupting =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        out.write(b);
                        interruption.raise();
                    }
                };

        int exit =
                Main.run(
                        new String[] {"chat", "-m", NANO, "Count from one to a hundred."},
                        surroundings(interrupting, err, interruption));

        assertThat(exit).isEqualTo(130);
        assertThat(out.toString(StandardCharsets.UTF_8)).isNotBlank().endsWith("\n");
        assertThat(out.size()).isLessThan(100);
        assertThat(err.size()).isZero();
    }

    @Test
    void aReaderThatLeavesEndsTheWork() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };

        int exit =
                Main.run(
                        new String[] {"chat", "-m", NANO, "Count from one to a hundred."},
                        surroundings(closed, err, new Interruption()));

        assertThat(exit).isZero();
        assertThat(err.size()).isZero();
    }

    private static Surroundings surroundings(
            OutputStream out, OutputStream err, Interruption interruption) {
        return new Surroundings(
                new ByteArrayInputStream(new byte[0]),
                new Output(out),
                new Output(err),
                Surroundings.Terminals.NONE,
                Map.of(),
                Optional.empty(),
                Path.of(""),
                interruption);
    }
}
