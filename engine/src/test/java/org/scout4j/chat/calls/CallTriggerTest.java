package org.scout4j.chat.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scout4j.chat.calls.CallTrigger.Commit;
import org.scout4j.chat.calls.CallTrigger.Form;

/** Where a call is committed to, and that the parser sees the same. */
class CallTriggerTest {
    private static final List<DeclaredFunction> FUNCTIONS = ParseRun.DEFAULT;
    private static final CallTrigger TRIGGER = new CallTrigger(FUNCTIONS);
    private static final int NOW = 1;
    private static final int GET_WEATHER = 0;

    /** The commitment with the last byte; null if there is none, or one came earlier. */
    private static @Nullable Commit commit(String text) {
        int state = TRIGGER.start();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (TRIGGER.committed(state)) {
                return null;
            }
            state = TRIGGER.next(state, bytes[i] & 0xFF);
        }
        return TRIGGER.committed(state) ? TRIGGER.commit(state) : null;
    }

    private static Commit plain(Form form, int function) {
        return new Commit(form, function, false, false, false);
    }

    @Test
    void everyFormSaysHowItGoesOn() {
        assertThat(commit("[now(")).isEqualTo(plain(Form.PYTHON, NOW));
        assertThat(commit("Größe: [ functions.get_weather\n("))
                .isEqualTo(plain(Form.PYTHON, GET_WEATHER));
        assertThat(commit("{\"name\": \"now\"")).isEqualTo(plain(Form.JSON, NOW));
        assertThat(commit("{\"id\": \"a\\\"b\", 'type':'function', 'name' : 'now'"))
                .isEqualTo(new Commit(Form.JSON, NOW, false, false, true));
        assertThat(commit("[ {\"type\":\"function\",\"function\":{\"name\":\"now\""))
                .isEqualTo(new Commit(Form.JSON, NOW, true, true, false));
        assertThat(commit("{\"function\":\"now\"")).isEqualTo(plain(Form.JSON, NOW));
        assertThat(commit("x\n<function=now>")).isEqualTo(plain(Form.TAG, NOW));
        assertThat(commit("<function=\"get_weather\" >")).isEqualTo(plain(Form.TAG, GET_WEATHER));
        assertThat(commit("<function=now{")).isEqualTo(plain(Form.TAG_OBJECT, NOW));
    }

    @Test
    void whatIsNoStartDoesNotCommit() {
        for (String text :
                List.of(
                        "see [now(",
                        "`[now(",
                        "```\n[now(",
                        "x\n    [now(",
                        "[nowhere(",
                        "[no(",
                        "{\"name\":\"Bob\"",
                        "{\"color\":\"now\"",
                        "{\"type\":\"object\",\"name\":\"now\"",
                        "{\"a\": {\"name\": \"now\"",
                        "<function=nowhere>",
                        "now(")) {
            assertThat(commit(text)).as(text).isNull();
        }
    }

    @Test
    void afterCallsAndTagsAnotherMayStart() {
        int state = TRIGGER.afterCall();
        for (char c : "</function>\n, [now(".toCharArray()) {
            state = TRIGGER.next(state, c);
        }
        assertThat(TRIGGER.committed(state)).isTrue();
        state = TRIGGER.next(TRIGGER.start(), 'x');
        state = TRIGGER.afterPythonTag(state);
        for (char c : "[now(".toCharArray()) {
            state = TRIGGER.next(state, c);
        }
        assertThat(TRIGGER.committed(state)).isTrue();
    }

    @Test
    void theEarlierOfTwoNamesCommitsWhenItEndsThere() {
        CallTrigger trigger =
                new CallTrigger(
                        List.of(
                                new DeclaredFunction("get", List.of()),
                                new DeclaredFunction("get.more", List.of()),
                                new DeclaredFunction("functions.get", List.of())));
        String[] texts = {"[get(", "[get.more(", "[functions.get("};
        for (int i = 0; i < texts.length; i++) {
            int state = trigger.start();
            for (char c : texts[i].toCharArray()) {
                state = trigger.next(state, c);
            }
            assertThat(trigger.commit(state).function()).as(texts[i]).isEqualTo(i);
        }
    }

    /**
     * Guarded, the parser's first call begins where the automaton commits. Left to the parser are
     * outputs that are bare calls or a code fence as a whole, and arguments before names.
     */
    @Test
    void parserAndTriggerAgree() {
        String[] parts = {
            "[now(",
            "[get_weather(",
            "{\"name\":\"now\"",
            ",\"parameters\":{}}",
            "<function=now>",
            ")]",
            "[",
            "{",
            " ",
            "\n",
            ":",
            "`",
            "```",
            "x",
            "é",
            "\"",
            "    ",
            "unknown(",
            ",",
            "now"
        };
        int agreed = 0;
        for (int seed = 0; seed < 30_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(".");
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            int committed = committedAt(text);
            int called = calledAt(text.toString());
            if (committed >= 0 && called < 0) {
                // Committed to by name, the object then had other keys, or the text ended.
                assertThat(text.charAt(committed)).as("seed %d: %s", seed, text).isEqualTo('"');
                continue;
            }
            boolean byName = committed >= 0 && text.charAt(committed) == '"';
            assertThat(called)
                    .as("seed %d: %s", seed, text)
                    .matches(at -> byName ? at >= committed : at == committed);
            agreed += called >= 0 ? 1 : 0;
        }
        assertThat(agreed).as("texts with calls").isGreaterThan(1000);
    }

    private static int committedAt(CharSequence text) {
        int state = TRIGGER.start();
        for (int i = 0; i < text.length(); i++) {
            state = TRIGGER.next(state, Math.min(text.charAt(i), 0xFF));
            if (TRIGGER.committed(state)) {
                return i;
            }
        }
        return -1;
    }

    private static int calledAt(String text) {
        OutputParser parser = new ParseRun.Setting(FUNCTIONS, true, true).parser();
        for (int i = 0; i < text.length(); i++) {
            List<OutputEvent> events = parser.accept(text.substring(i, i + 1));
            if (events.stream().anyMatch(OutputEvent.CallStarted.class::isInstance)) {
                return i;
            }
        }
        return -1;
    }
}
