package org.scout4j.chat.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs made to cost more than their length (threat "pattern that never ends"). */
class HostileOutputTest {
    private static final int LENGTH = 500_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[get_weather(city=\"",
                "[get_weather(",
                "[now(),",
                "\n[get_weather",
                "[",
                "\n[",
                "{",
                "\n{\"name\":",
                "{\"parameters\":",
                "\n{\"parameters\":\n",
                "<function=",
                "<function=now>{",
                "\n<function=get",
                "```\n",
                "`",
                "now(",
                "now()\n",
                "[now()]\n",
                "((",
                "[search_docs(tags=((1,",
                "{\"name\":\"now\",\"arguments\":\"{",
                "\\",
                "[run_sh(command=0x1",
                "[run_sh(command='\\",
                ": ",
                "\n   ",
                "[now(**{",
                "{\"id\":\"",
                "[run_sh(a=1, a=1, ",
                " \n"
            })
    void takesTimeInProportionToItsLength(String part) {
        String text = part.repeat(LENGTH / part.length());
        for (boolean guarded : new boolean[] {false, true}) {
            ParseRun.Setting setting = new ParseRun.Setting(ParseRun.DEFAULT, true, guarded);
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(10),
                    () -> {
                        ParseRun whole = ParseRun.whole(setting, text, OutputEnd.COMPLETE);
                        OutputParser parser = setting.parser();
                        for (int i = 0; i < text.length(); i++) {
                            parser.accept(text.substring(i, i + 1));
                        }
                        parser.end(OutputEnd.COMPLETE);
                        assertThat(parser.message()).isEqualTo(whole.message());
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "(", "{'a':"})
    void deepNestingIsNoCall(String bracket) {
        String body = "[search_docs(filters=" + bracket.repeat(Brackets.MOST_DEPTH + 1);
        ParseRun.Setting setting = new ParseRun.Setting(ParseRun.DEFAULT, true, false);
        assertThat(ParseRun.whole(setting, body, OutputEnd.COMPLETE).message())
                .isEqualTo(new ParsedMessage(body, List.of(), true));
    }
}
