package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "Hello, \"Hello\"",
                "~ wörld~, ~\" wörld\"~",
                "😀, \"😀\"",
                "a\"b, \"a\\\"b\"",
                "a\\b, \"a\\\\b\"",
            })
    void textIsQuoted(String text, String quoted) {
        assertThat(TokenText.quoted(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(quoted);
    }

    @Test
    void nothingActsOnTheTerminal() {
        assertThat(TokenText.quoted("\n\t\r\033[31m\0\u0085".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("\"\\n\\t\\r\\u001b[31m\\u0000\\u0085\"");
    }

    @Test
    void piecesOfCharactersAreBytes() {
        byte[] space = {' ', (byte) 0xF0, (byte) 0x9F, (byte) 0x98};
        byte[] middle = {(byte) 0x80, 'x', (byte) 0xE2, (byte) 0x82};

        assertThat(TokenText.quoted(space)).isEqualTo("\" \\xF0\\x9F\\x98\"");
        assertThat(TokenText.quoted(middle)).isEqualTo("\"\\x80x\\xE2\\x82\"");
        assertThat(TokenText.quoted(new byte[0])).isEqualTo("\"\"");
    }
}
