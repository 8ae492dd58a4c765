package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {

    @Test
    void controlCharactersCannotSteerATerminal() {
        assertThat(Excerpt.of("a\u001b[2Jb\r\nc\u202ed\u0000")).isEqualTo("a?[2Jb??c?d?");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(Excerpt.of("😀".repeat(96))).isEqualTo("😀".repeat(96));
        assertThat(Excerpt.of("😀".repeat(97))).isEqualTo("😀".repeat(96) + "…");
    }
}
