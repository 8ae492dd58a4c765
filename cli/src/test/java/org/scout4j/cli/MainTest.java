package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final String[] COMMANDS = {
        "chat",
        "complete",
        "serve",
        "models",
        "tokens",
        "schema",
        "logits",
        "bench",
        "version",
        "completion",
        "help"
    };

    @Test
    void withoutArgumentsTellsWhatThereIs() {
        CommandRun run = CommandRun.of();

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("Usage: scout4j").contains(COMMANDS);
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "help chat",
                "chat --help",
                "complete -h",
                "models --help",
                "models show --help",
                "tokens --help",
                "schema -h",
                "schema check -h",
                "schema test -h",
                "logits --help",
                "bench --help",
                "bench serve --help",
                "version --help",
                "completion --help"
            })
    void helpIsData(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("Usage: scout4j");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void exitCodesAreDocumented() {
        assertThat(CommandRun.of("--help").out())
                .contains("Exit codes", "130", "the model does not fit in memory");
    }

    @Test
    void versionsAreTold() {
        CommandRun run = CommandRun.of("version");

        assertThat(run.exit()).isZero();
        assertThat(run.out().lines().findFirst().orElseThrow()).matches("scout4j \\d+\\.\\d+\\S*");
        assertThat(run.out()).contains("JDK 25");
        assertThat(CommandRun.of("--version").out()).isEqualTo(firstLine(run.out()) + "\n");
    }

    @Test
    void versionAsJson() {
        CommandRun run = CommandRun.of("version", "--json");

        assertThat(run.json().path("schema_version").intValue()).isEqualTo(1);
        assertThat("scout4j " + run.json().path("version").stringValue())
                .isEqualTo(firstLine(CommandRun.of("version").out()));
        assertThat(run.json().path("jdk").stringValue()).startsWith("25");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "chat --tempo 1 hi,                 Unknown option",
                "chat --temp warm hi,               warm",
                "chat --ctx 3x hi,                  '3x' is not a number of tokens",
                "chat --color pink hi,              pink",
                "chat --logit-bias x=1 hi,          x",
                "chat --temp 9 hi,                  temperature must be between 0 and 5",
                "chat --top-p 2 hi,                 top_p must be between 0 and 1",
                "chat --max-tokens 0 hi,            max_tokens is 0",
                "complete --logprobs 99 hi,         top_logprobs is 99",
                "chit,                              There is no command 'chit'",
                "logits,                            Missing required option",
                "tokens --chat x,                   --chat reads lines",
                "tokens --jsonl x,                  a TEXT was given too",
                "tokens --profile hf x,             --profile is about conversations",
                "models show a -m b,                named twice",
                "bench sreve,                       There is no command 'sreve'",
                "bench serve --rate 2 --concurrency 4,  open one",
                "bench serve --rate 0,              --rate is 0",
                "bench serve --requests 0,          --requests is 0",
                "bench serve --duration 30,         '30' is not a duration",
                "bench serve --timeout 0s,          --timeout must be longer",
                "bench serve --prompt-tokens 9..3,  is empty",
                "bench serve --prompt-tokens 0,     below 1",
                "bench serve --prompt-tokens normal:5,  lacks its deviation",
                "bench serve --answer-tokens x,     'x' is not a number of tokens",
                "bench serve --shared-prefix 600,   only 512 tokens",
                "bench serve --url ftp://x,         cannot be used as a URL",
                "bench serve --url http://u:p@x,    an API key has its own flag",
                "bench serve --pairs 3,             --pairs is for --compare",
                "bench serve --api sausage,         sausage",
                "bench serve --report no/such/r.html,  cannot be written",
                "completion fish,                   fish",
            })
    void wrongUsageIsTwoLinesAndExitTwo(String line, String message) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("scout4j: ").contains(message);
        assertThat(run.err().lines().count()).isLessThanOrEqualTo(3);
        assertThat(run.err()).doesNotContain("\tat ", "Exception", "\033");
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        assertThat(CommandRun.of("cht").err()).contains("Did you mean chat?");
    }

    @Test
    void wrongUsageAsJson() {
        CommandRun run = CommandRun.of("chat", "--tempo", "1", "--json");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.jsonError().path("code").stringValue()).isEqualTo("usage");
        assertThat(run.jsonError().path("message").stringValue()).contains("--tempo");
        assertThat(run.jsonError().path("hint").stringValue()).contains("scout4j chat --help");
        assertThat(run.jsonError().path("exit").intValue()).isEqualTo(2);
    }

    @Test
    void debugAddsTheStackTrace() {
        assertThat(CommandRun.of("chat", "-m", "nothing-here", "--debug", "hi").err())
                .startsWith("scout4j: There is no model 'nothing-here'.")
                .contains("ModelNotFound", "\tat org.scout4j.cli.ModelLookup");
    }

    @Test
    void colourOnTerminalsOnly() {
        String[] wrong = {"chit"};
        CommandRun.Setup terminal = CommandRun.with().terminals(false, false, true);
        assertThat(CommandRun.of(wrong).err()).doesNotContain("\033[");
        assertThat(terminal.run(wrong).err()).startsWith("\033[1;31mscout4j:\033[0m");
        assertThat(
                        CommandRun.with()
                                .variable("NO_COLOR", "1")
                                .terminals(true, true, true)
                                .run(wrong))
                .extracting(CommandRun::err)
                .asString()
                .doesNotContain("\033[");
        assertThat(CommandRun.of("chat", "--color", "always", "--temp", "9", "x").err())
                .contains("\033[1;31m");
        assertThat(CommandRun.of("chat", "--color=always", "--help").out()).contains("\033[");
        assertThat(CommandRun.of("chat", "--help").out()).doesNotContain("\033[");
    }

    @Test
    void completionIsAScript() {
        CommandRun run = CommandRun.of("completion", "bash");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .startsWith("#!/usr/bin/env bash")
                .contains("--max-tokens", "complete", "--json-schema", "--tool-choice");
    }

    @Test
    void aReaderThatLeftIsNoFailure() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exit = Main.run(new String[] {"version"}, failing("Broken pipe", err));

        assertThat(exit).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void aFullDiskIsAFailure() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exit = Main.run(new String[] {"version"}, failing("No space left on device", err));

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("scout4j: Standard output cannot be written: No space left on device.");
    }

    @Test
    void whatNobodyForesawIsOneFixedLine() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new IllegalStateException("the secret inside");
                    }
                };

        int exit =
                Main.run(
                        new String[] {"version"},
                        new ByteArrayInputStream(new byte[0]),
                        broken,
                        err);

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("scout4j: internal error: IllegalStateException.\n")
                .contains("--debug")
                .doesNotContain("secret", "\tat ");
    }

    private static Surroundings failing(String reason, OutputStream err) {
        OutputStream out =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException(reason);
                    }
                };
        return new Surroundings(
                new ByteArrayInputStream(new byte[0]),
                new Output(out),
                new Output(err),
                Surroundings.Terminals.NONE,
                Map.of(),
                Optional.empty(),
                CommandRun.CHECKOUT,
                new Interruption());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElseThrow();
    }
}
