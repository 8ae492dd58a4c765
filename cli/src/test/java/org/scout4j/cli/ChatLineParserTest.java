package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatLineParserTest {
    private static final ChatLineParser PARSER = new ChatLineParser();

    @ParameterizedTest
    @ValueSource(strings = {"don't", "say \"hi", "a\\", "!!", "", "\"\"", "a \"\"\" b"})
    void anyLineIsWhole(String line) {
        assertThat(PARSER.parse(line, line.length(), ParseContext.ACCEPT_LINE).line())
                .isEqualTo(line);
        assertThat(ChatLineParser.text(line)).isEqualTo(line.strip());
    }

    @Test
    void aBlockGoesOnToItsEnd() {
        assertThatThrownBy(() -> PARSER.parse("\"\"\"one", 6, ParseContext.ACCEPT_LINE))
                .isInstanceOf(EOFError.class);
        assertThatThrownBy(() -> PARSER.parse("\"\"\"one\ntwo\"\"", 6, ParseContext.ACCEPT_LINE))
                .isInstanceOf(EOFError.class);

        String whole = "\"\"\"one\n  two\n\"\"\"";
        assertThat(PARSER.parse(whole, 6, ParseContext.ACCEPT_LINE).line()).isEqualTo(whole);
        assertThat(ChatLineParser.text(whole)).isEqualTo("one\n  two");
    }

    @Test
    void theTabKeyWorksInsideABlock() {
        assertThat(PARSER.parse("\"\"\"one", 6, ParseContext.COMPLETE).word())
                .isEqualTo("\"\"\"one");
    }
}
