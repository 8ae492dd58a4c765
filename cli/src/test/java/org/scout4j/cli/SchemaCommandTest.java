package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code schema check} and {@code schema test}. */
class SchemaCommandTest {
    private static final String SOUND =
            """
            {"type": "object", "properties": {"id": {"type": "integer", "minimum": 1},
             "name": {"type": "string", "maxLength": 5}}, "required": ["id"],
             "additionalProperties": false}
            """;

    /** Two keywords that cannot be enforced. */
    private static final String UNSOUND =
            """
            {"type": "object", "properties": {"a/b": {"type": "string", "format": "regex"},
             "c": {"type": "array", "uniqueItems": true, "items": {"type": "object"}}}}
            """;

    private static CommandRun check(String schema, String... flags) {
        String[] args = new String[flags.length + 3];
        args[0] = "schema";
        args[1] = "check";
        args[2] = "-";
        System.arraycopy(flags, 0, args, 3, flags.length);
        return CommandRun.with().input(schema).run(args);
    }

    private static CommandRun test(String lines, String... flags) {
        List<String> args = new ArrayList<>(List.of("schema", "test", "--jsonl", "--no-warm-up"));
        args.addAll(List.of(flags));
        return CommandRun.with().input(lines).run(args.toArray(String[]::new));
    }

    private static String line(String name, String schema, String... documents) {
        StringBuilder line = new StringBuilder("{\"name\": \"" + name + "\", \"schema\": ");
        line.append(schema.replace("\n", " ")).append(", \"tests\": [");
        for (int i = 0; i < documents.length; i++) {
            line.append(i == 0 ? "" : ", ").append("{\"data\": ").append(documents[i]);
            line.append(", \"valid\": true}");
        }
        return line.append("]}\n").toString();
    }

    @Test
    void aSchemaThatIsEnforced(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("city.json"), SOUND);

        CommandRun run = CommandRun.with().directory(directory).run("schema", "check", "city.json");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("supported: every answer held to this schema is valid\n");
        assertThat(run.err()).isEmpty();
        CommandRun json = check(SOUND, "--json");
        assertThat(json.exit()).isZero();
        assertThat(json.out())
                .isEqualTo("{\"schema_version\":1,\"supported\":true,\"problems\":[]}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "{}", "{\"type\": [\"string\", \"null\"], \"x-mine\": 1}"})
    void smallSchemasAreSupported(String schema) {
        assertThat(check(schema).exit()).isZero();
    }

    @Test
    void everyKeywordThatIsNotEnforcedIsNamed() {
        CommandRun run = check(UNSOUND);

        assertThat(run.exit()).isEqualTo(2);
        List<String> lines = run.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("not supported:");
        assertThat(lines.subList(1, lines.size() - 1))
                .anySatisfy(line ->
                        assertThat(line)
                                .startsWith("  'format' at /properties/a~1b: ")
                                .endsWith("(unsupported)"))
                .anySatisfy(line ->
                        assertThat(line)
                                .startsWith("  'uniqueItems' at /properties/c: ")
                                .endsWith("(unsupported)"))
                .hasSize(2);
        assertThat(lines.getLast())
                .isEqualTo(
                        "with \"strict\": false an answer is not held to these rules, but to all"
                                + " others");
    }

    @Test
    void theSameForPrograms() {
        CommandRun run = check(UNSOUND, "--json");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.json().path("supported").booleanValue()).isFalse();
        List<String> keywords = new ArrayList<>();
        for (JsonNode problem : run.json().path("problems")) {
            keywords.add(problem.path("keyword").asString() + problem.path("path").asString());
            assertThat(problem.path("reason").asString()).isEqualTo("unsupported");
            assertThat(problem.path("message").asString()).isNotBlank();
            assertThat(problem.path("left_out_unless_strict").booleanValue()).isTrue();
        }
        assertThat(keywords)
                .containsExactlyInAnyOrder("format/properties/a~1b", "uniqueItems/properties/c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"strange\"}               | type  | invalid",
                "{\"type\": \"string\", \"enum\": [1]} |       | unsatisfiable",
                "false                                 |       | unsatisfiable",
                "{\"pattern\": \"(\"}                  | pattern | invalid",
            })
    void whatStrictDoesNotMatterFor(String schema, String keyword, String reason) {
        CommandRun json = check(schema, "--json");
        CommandRun text = check(schema);

        assertThat(json.exit()).isEqualTo(2);
        assertThat(text.exit()).isEqualTo(2);
        JsonNode problem = json.json().path("problems").path(0);
        assertThat(problem.path("reason").asString()).isEqualTo(reason);
        if (keyword != null) {
            assertThat(problem.path("keyword").asString()).isEqualTo(keyword);
        }
        assertThat(problem.path("left_out_unless_strict").booleanValue()).isFalse();
        assertThat(text.out()).endsWith("\"strict\": false would not help\n");
    }

    @Test
    void whatIsNoSchemaIsToldInOneSentence() {
        assertThat(check("{\"type\": ").err()).startsWith("scout4j: The schema is not JSON: ");
        assertThat(check("{\"type\": ").exit()).isEqualTo(2);
        assertThat(check("").exit()).isEqualTo(2);
        assertThat(check("[1]").exit()).isEqualTo(2);
        CommandRun gone = CommandRun.of("schema", "check", "gone.json", "--json");
        assertThat(gone.exit()).isEqualTo(2);
        assertThat(gone.out()).isEmpty();
        assertThat(gone.jsonError().path("message").asString())
                .isEqualTo("gone.json cannot be read: there is no such file or directory.");
        assertThat(CommandRun.of("schema", "check").exit()).isEqualTo(2);
    }

    @Test
    void bytesThatAreNoTextAreRefused(@TempDir Path directory) throws IOException {
        Files.write(directory.resolve("s.json"), new byte[] {'"', (byte) 0xC3, '"'});

        CommandRun run = CommandRun.with().directory(directory).run("schema", "check", "s.json");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("s.json is not UTF-8.");
    }

    @Test
    void documentsAreReadThroughTheMasks() {
        CommandRun run =
                test(
                        line(
                                        "sound",
                                        SOUND,
                                        "{\"id\": 1, \"name\": \"Oslo\"}",
                                        "{\"name\": \"Oslo\", \"id\": 1}",
                                        "{\"id\": 0}",
                                        "{\"name\": \"x\"}",
                                        "{\"id\": 1, \"name\": \"toolong\"}",
                                        "{\"id\": 1, \"more\": null}")
                                + "\n"
                                + line("unsound", UNSOUND, "{}", "{}"));

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode sound = JsonMapper.shared().readTree(lines.get(0));
        assertThat(sound.path("name").asString()).isEqualTo("sound");
        assertThat(sound.path("supported").booleanValue()).isTrue();
        assertThat(sound.has("reason")).isFalse();
        assertThat(sound.path("accepted").toString())
                .isEqualTo("[true,true,false,false,false,false]");
        assertThat(sound.path("compile_us").doubleValue()).isPositive();
        JsonNode times = sound.path("mask_us");
        assertThat(times.path("p50").doubleValue()).isPositive();
        assertThat(times.path("p99").doubleValue())
                .isBetween(times.path("p50").doubleValue(), times.path("max").doubleValue());
        JsonNode unsound = JsonMapper.shared().readTree(lines.get(1));
        assertThat(unsound.path("supported").booleanValue()).isFalse();
        assertThat(unsound.path("reason").asString()).contains("'", " at /properties/");
        assertThat(unsound.path("accepted").size()).isZero();
    }

    @Test
    void anotherModelsTokensCanBeUsed() {
        String lines = line("a", "{\"enum\": [\"ü\", 1]}", "\"ü\"", "1", "2");

        CommandRun run = test(lines, "--tokenizer", CommandRun.NANO.toString());

        assertThat(run.json().path("accepted").toString()).isEqualTo("[true,true,false]");
        assertThat(test(lines, "--tokenizer", "no-such-model").exit()).isEqualTo(3);
    }

    @Test
    void aBadLineIsAnErrorAndTheNextIsRead() {
        CommandRun run =
                test(
                        "{\"name\": \n{\"schema\": 5, \"tests\": []}\n{\"schema\": {}}\n"
                                + line("good", "{}", "[1]"),
                        "--tokenizer",
                        CommandRun.NANO.toString());

        assertThat(run.exit()).isEqualTo(2);
        List<JsonNode> lines = run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(4);
        for (int i = 0; i < 3; i++) {
            assertThat(lines.get(i).path("error").path("line").intValue()).isEqualTo(i + 1);
            assertThat(lines.get(i).path("error").path("message").asString()).isNotBlank();
        }
        assertThat(lines.get(3).path("accepted").toString()).isEqualTo("[true]");
    }

    @Test
    void linesHaveToBeAskedFor() {
        CommandRun run = CommandRun.of("schema", "test");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--jsonl");
    }
}
