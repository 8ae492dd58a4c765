package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.error.InvalidRequest;

class JsonLinesTest {
    /** Gives the number of characters, and takes no digits. */
    private static final LineAnswer COUNT =
            line -> {
                if (line.chars().anyMatch(Character::isDigit)) {
                    throw new InvalidRequest("text", "a digit");
                }
                return generator -> generator.writeNumberProperty("count", line.length());
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
        assertThat(answers("abc\nü\r\n\n \t \n😀", 0))
                .containsExactly("{\"count\":3}", "{\"count\":2}", "{\"count\":2}");
    }

    @Test
    void nothingForNothing() {
        assertThat(answers("", 0)).isEmpty();
    }

    @Test
    void aBadLineIsAnsweredAndTheNextIsRead() {
        assertThat(answers("\n1\nabc\n", 2))
                .containsExactly(
                        "{\"error\":{\"code\":\"invalid_request\",\"message\":\"a digit\","
                                + "\"param\":\"text\",\"line\":2}}",
                        "{\"count\":3}");
    }

    @Test
    void brokenUtf8IsAnError() {
        byte[] line = {'a', (byte) 0xC0, '\n', 'b'};

        assertThat(answers(line, 2))
                .containsExactly(
                        "{\"error\":{\"code\":\"invalid_request\","
                                + "\"message\":\"The line is not UTF-8.\",\"line\":1}}",
                        "{\"count\":1}");
    }
}
