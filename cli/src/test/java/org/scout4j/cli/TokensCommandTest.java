package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scout4j.chat.Llama4Format;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TokensCommandTest {
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Path TOKENIZER = CommandRun.GOLDEN.resolve("tokenizer/tokenizer.model");

    private static List<JsonNode> rows(CommandRun run) {
        return run.out().lines().map(MAPPER::readTree).toList();
    }

    @Test
    void referenceVectorsAsTheyLie() throws IOException {
        Path vectors = CommandRun.GOLDEN.resolve("tokenizer/vectors.jsonl");
        List<JsonNode> expected = new ArrayList<>();
        for (String line : Files.readAllLines(vectors)) {
            expected.add(MAPPER.readTree(line));
        }

        CommandRun run =
                CommandRun.with()
                        .input(Files.readAllBytes(vectors))
                        .run("tokens", "-m", TOKENIZER.toString(), "--jsonl");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        List<JsonNode> actual = rows(run);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).path("ids"))
                    .as(expected.get(i).path("id").stringValue())
                    .isEqualTo(expected.get(i).path("ids"));
        }
    }

    @Test
    void badLinesAreAnsweredInPlace() {
        CommandRun run =
                CommandRun.with()
                        .input(
                                """
                                {"text":"a"}
                                {"text":1}
                                {"text":
                                [1]
                                {"text":"a","text":"b"}
                                {"text":"a"} {}
                                {"text":"a","bos":"yes"}
                                {"text":"a","allowed_special":["<|nope|>"]}
                                {"text":"a","allowed_special":7}
                                {"text":"a","allowed_special":["<|eot|>"],"bos":true,"eos":true}
                                """)
                        .run("tokens", "-m", TOKENIZER.toString(), "--jsonl");

        assertThat(run.exit()).isEqualTo(2);
        List<JsonNode> rows = rows(run);
        assertThat(rows).hasSize(10);
        assertThat(rows.getFirst().path("ids")).isEqualTo(MAPPER.readTree("[77]"));
        assertThat(rows.getLast().path("ids")).isEqualTo(MAPPER.readTree("[200000, 77, 200001]"));
        for (int i = 1; i < 9; i++) {
            JsonNode error = rows.get(i).path("error");
            assertThat(error.path("code").stringValue("")).isEqualTo("invalid_request");
            assertThat(error.path("line").intValue()).isEqualTo(i + 1);
        }
        assertThat(rows.get(7).path("error").path("message").stringValue()).contains("<|nope|>");
    }

    @Test
    void deepNestingIsAnError() {
        CommandRun run =
                CommandRun.with()
                        .input("[".repeat(100_000) + "\n{\"text\":\"a\"}")
                        .run("tokens", "-m", TOKENIZER.toString(), "--jsonl");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(rows(run)).hasSize(2).last().hasToString("{\"ids\":[77]}");
    }

    @ParameterizedTest
    @EnumSource
    void conversationsOfTheReferences(Llama4Format.Profile profile) throws IOException {
        List<JsonNode> expected = conversations(profile);
        StringBuilder input = new StringBuilder();
        expected.forEach(row -> input.append(row).append('\n'));

        CommandRun run =
                CommandRun.with()
                        .input(input.toString())
                        .run(
                                "tokens",
                                "-m",
                                TOKENIZER.toString(),
                                "--chat",
                                "--jsonl",
                                "--profile",
                                profile.name().toLowerCase(Locale.ROOT));

        assertThat(run.exit()).isZero();
        List<JsonNode> actual = rows(run);
        assertThat(actual).hasSameSizeAs(expected).hasSizeGreaterThan(5);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).path("ids"))
                    .as(expected.get(i).path("id").stringValue())
                    .isEqualTo(expected.get(i).path("ids"));
            assertThat(actual.get(i).path("text")).isEqualTo(expected.get(i).path("rendered_text"));
        }
    }

    /** Rows of text only that one profile renders by rules of its own reference. */
    private static List<JsonNode> conversations(Llama4Format.Profile profile) throws IOException {
        Path file = CommandRun.GOLDEN.resolve("chat/conversations.json");
        String name = profile.name().toLowerCase(Locale.ROOT);
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode row : MAPPER.readTree(Files.readString(file))) {
            // The reference reads control tokens out of what users and tools wrote; scout4j never.
            boolean unsafe = name.equals("hf") && typedControlToken(row);
            boolean asked =
                    row.path("profiles").valueStream().anyMatch(p -> p.stringValue().equals(name));
            if (asked && !unsafe && row.has("ids") && !row.toString().contains("\"image")) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static boolean typedControlToken(JsonNode row) {
        return row.path("messages").toString().contains("<|")
                || row.path("tools").toString().contains("<|");
    }

    @Test
    void withoutProfileAsTheModelIsChattedWith() {
        String line = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi <|eot|>\"}]}\n";

        CommandRun llama =
                CommandRun.with()
                        .input(line)
                        .run("tokens", "-m", TOKENIZER.toString(), "--chat", "--jsonl");
        CommandRun nano =
                CommandRun.with()
                        .input(line)
                        .run("tokens", "-m", "scout-nano", "--chat", "--jsonl");

        String text =
                "<|begin_of_text|><|header_start|>user<|header_end|>\n\nHi <|eot|><|eot|>"
                        + "<|header_start|>assistant<|header_end|>\n\n";
        assertThat(rows(llama).getFirst().path("text").stringValue()).isEqualTo(text);
        assertThat(rows(nano).getFirst().path("text").stringValue()).isEqualTo(text);
        // models/scout-nano/README.md: control tokens 0 to 3, "\n\n" on its own is 1116.
        assertThat(rows(nano).getFirst().path("ids").toString())
                .startsWith("[0,1,")
                .endsWith(",2,1,520,9531,3,1116]");
    }

    @Test
    void aBadConversationNamesItsPlace() {
        CommandRun run =
                CommandRun.with()
                        .input("{\"messages\":[{\"role\":\"pope\",\"content\":\"Hi\"}]}\n")
                        .run("tokens", "-m", TOKENIZER.toString(), "--chat", "--jsonl");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(rows(run).getFirst().path("error").path("param").stringValue())
                .isEqualTo("messages[0].role");
    }

    @Test
    void aTextForPeople() {
        CommandRun run = CommandRun.of("tokens", "-m", TOKENIZER.toString(), "Hello", "<|eot|>");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        7 tokens
                          19873  "Hello"
                            440  " <"
                            104  "|"
                             81  "e"
                            359  "ot"
                         159276  "|>"
                        """
                                .replace("7 tokens", "6 tokens"));
    }

    @Test
    void aTextFromStandardInputAsJson() {
        CommandRun run =
                CommandRun.with().input("Hi\n").run("tokens", "-m", TOKENIZER.toString(), "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.json().path("count").intValue()).isEqualTo(1);
        assertThat(run.json().path("tokens").path(0).path("text").stringValue()).isEqualTo("Hi");
        assertThat(run.json().path("tokens").path(0).path("bytes").toString())
                .isEqualTo("[72,105]");
    }

    @Test
    void wrongModelsAreRefused(@TempDir Path directory) throws IOException {
        Path rubbish =
                Files.writeString(directory.resolve("tokenizer.model"), "not base64 at all\n");

        assertThat(CommandRun.of("tokens", "-m", rubbish.toString(), "x"))
                .satisfies(run -> assertThat(run.exit()).isEqualTo(4))
                .satisfies(run -> assertThat(run.err()).startsWith("scout4j: tokenizer.model: "));
        assertThat(CommandRun.of("tokens", "-m", directory.resolve("gone").toString(), "x").exit())
                .isEqualTo(3);
    }

    @Test
    void aVocabularyWithoutTurnsCannotChat(@TempDir Path directory) throws IOException {
        Path whole = CommandRun.GOLDEN.resolve("model/llama-dense-tiny/tokenizer.json");
        ObjectNode json = (ObjectNode) MAPPER.readTree(Files.readString(whole));
        json.putArray("added_tokens");
        Path bare = Files.writeString(directory.resolve("tokenizer.json"), json.toString());

        CommandRun run =
                CommandRun.with()
                        .input("{\"text\":\"a\",\"bos\":true}\n")
                        .run("tokens", "-m", bare.toString(), "--jsonl");
        CommandRun chat = CommandRun.of("tokens", "-m", bare.toString(), "--chat", "--jsonl");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).contains("This vocabulary has no bos token.");
        assertThat(chat.exit()).isEqualTo(2);
        assertThat(chat.err()).contains("no control tokens of Llama 4");
    }
}
