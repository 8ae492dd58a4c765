package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CompleteCommandTest {
    private static final String NANO = CommandRun.NANO.toString();
    private static final String PROMPT = "The capital of Norway is";

    @Test
    void continuesTheText() {
        CommandRun plain = CommandRun.of("complete", "-m", NANO, "--max-tokens", "4", PROMPT);
        CommandRun echo =
                CommandRun.of("complete", "-m", NANO, "--max-tokens", "4", "--echo", PROMPT);

        assertThat(plain.exit()).isZero();
        assertThat(plain.out()).startsWith(" Oslo").endsWith("\n");
        assertThat(echo.out()).isEqualTo(PROMPT + plain.out());
    }

    @Test
    void controlTokensOnlyWhenAskedFor() {
        String prompt = "<|header_start|>";

        CommandRun text = CommandRun.of("complete", "-m", NANO, "--max-tokens=1", "--json", prompt);
        CommandRun raw =
                CommandRun.of("complete", "-m", NANO, "--max-tokens=1", "--json", "--raw", prompt);

        // The begin of text, and one token by name.
        assertThat(raw.json().path("usage").path("prompt_tokens").intValue()).isEqualTo(2);
        assertThat(text.json().path("usage").path("prompt_tokens").intValue()).isGreaterThan(4);
    }

    @Test
    void logProbabilitiesAsJson() {
        CommandRun run =
                CommandRun.of(
                        "complete",
                        "-m",
                        NANO,
                        "--max-tokens=2",
                        "--logprobs=2",
                        "--echo",
                        "--json",
                        PROMPT);

        assertThat(run.exit()).isZero();
        JsonNode json = run.json();
        assertThat(json.path("text").stringValue()).startsWith(PROMPT + " Oslo");
        assertThat(json.path("prompt_logprobs").size())
                .isEqualTo(json.path("usage").path("prompt_tokens").intValue());
        assertThat(json.path("logprobs").size()).isEqualTo(2);
        assertThat(json.path("prompt_logprobs").path(0).path("logprob").isNull()).isTrue();
        assertThat(bytes(json.path("prompt_logprobs"), 1)).isEqualTo(PROMPT);
        for (JsonNode token : json.path("logprobs")) {
            JsonNode top = token.path("top_logprobs");
            assertThat(top.size()).isEqualTo(2);
            // Greedy: the token is the best of all.
            assertThat(token.path("id")).isEqualTo(top.path(0).path("id"));
            assertThat(token.path("logprob")).isEqualTo(top.path(0).path("logprob"));
            double best = top.path(0).path("logprob").doubleValue();
            double second = top.path(1).path("logprob").doubleValue();
            assertThat(best).isNegative().isGreaterThanOrEqualTo(second);
            assertThat(Math.exp(best) + Math.exp(second)).isLessThanOrEqualTo(1 + 1e-6);
        }
    }

    private static String bytes(JsonNode tokens, int from) {
        List<Byte> bytes = new ArrayList<>();
        for (int i = from; i < tokens.size(); i++) {
            tokens.path(i).path("bytes").forEach(b -> bytes.add((byte) b.intValue()));
        }
        byte[] joined = new byte[bytes.size()];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = bytes.get(i);
        }
        return new String(joined, StandardCharsets.UTF_8);
    }

    @Test
    void logProbabilitiesAsATable() {
        CommandRun run =
                CommandRun.of("complete", "-m", NANO, "--max-tokens=1", "--logprobs=1", PROMPT);

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .matches(" +-\\d\\.\\d{4} +\\d+  \" Oslo\"  \" Oslo\" -\\d\\.\\d{4}\n");
    }

    @Test
    void mistakesAreFoundBeforeLoading() {
        assertThat(CommandRun.of("complete", "-m", "gone", "--logprobs=21", "x").exit())
                .isEqualTo(2);
        assertThat(CommandRun.of("complete", "-m", "gone", "x").exit()).isEqualTo(3);
        assertThat(CommandRun.of("complete").exit()).isEqualTo(2);
    }
}
