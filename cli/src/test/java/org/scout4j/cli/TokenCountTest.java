package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TokenCountTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "4096, 4096", "32k, 32000", "32K, 32768", "-1, -1"})
    void readsWhatPeopleWrite(String text, int tokens) {
        assertThat(new TokenCount().convert(text)).isEqualTo(tokens);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "1.5k", "3M", "4 k", "99999999999", "3000000k"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> new TokenCount().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'" + text + "' is not a number of tokens");
    }
}
