package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.error.InvalidRequest;

class JsonLinesTest {
    /** Gives the number of characters of "text". */
    private static final LineAnswer COUNT =
            line -> {
                if (!line.path("text").isString()) {
                    throw new InvalidRequest("text", "no text");
                }
                int count = line.path("text").stringValue().length();
                return generator -> generator.writeNumberProperty("count", count);
            };

    private final CommandRun.Setup setup = CommandRun.with();

    private List<String> answers(byte[] input, int exit) {
        assertThat(new JsonLines(setup.input(input).surroundings()).answerAll(COUNT))
                .isEqualTo(exit);
        return setup.printed().lines().toList();
    }

    private List<String> answers(String input, int exit) {
        return answers(input.getBytes(StandardCharsets.UTF_8), exit);
    }

    @Test
    void aLineForALine() {
        assertThat(answers("{\"text\":\"abc\"}\n{\"text\":\"\"}\r\n\n  \n{\"text\":\"ü\"}", 0))
                .containsExactly("{\"count\":3}", "{\"count\":0}", "{\"count\":1}");
    }

    @Test
    void nothingForNothing() {
        assertThat(answers("", 0)).isEmpty();
    }

    @Test
    void halvesOfSurrogatePairsPass() {
        assertThat(answers("{\"text\":\"\\ud800\"}\n{\"text\":\"\\ud83d\\ude00\"}", 0))
                .containsExactly("{\"count\":1}", "{\"count\":2}");
    }

    @Test
    void aBadLineIsAnsweredAndTheNextIsRead() {
        List<String> answers =
                answers(
                        "{\"text\":\n[1]\n{}\n{\"text\":\"a\",\"text\":\"b\"}\n{\"text\":\"a\"} {}\n"
                                + "{\"text\":\"abc\"}\n",
                        2);

        assertThat(answers).hasSize(6);
        assertThat(answers.get(0)).contains("\"invalid_request\"", "is not JSON", "\"line\":1");
        assertThat(answers.get(1)).contains("is not a JSON object", "\"line\":2");
        assertThat(answers.get(2)).contains("no text", "\"param\":\"text\"", "\"line\":3");
        assertThat(answers.get(3)).contains("is not JSON", "uplicate");
        assertThat(answers.get(4)).contains("is not JSON");
        assertThat(answers.get(5)).isEqualTo("{\"count\":3}");
    }

    @Test
    void deepNestingIsAnError() {
        assertThat(answers("[".repeat(100_000) + "\n{\"text\":\"a\"}", 2))
                .hasSize(2)
                .last()
                .isEqualTo("{\"count\":1}");
    }

    @Test
    void brokenUtf8IsAnError() {
        byte[] line = "{\"text\":\"a?\"}".getBytes(StandardCharsets.UTF_8);
        line[line.length - 3] = (byte) 0xC0;

        assertThat(answers(line, 2)).singleElement().asString().contains("is not UTF-8");
    }
}
