package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scout4j.error.InvalidRequest;

class StopStringsTest {

    @Test
    void textBeforeTheStopStringIsKept() {
        StopStrings stops = new StopStrings(List.of("END"), false);

        assertThat(stops.accept("one E")).isEqualTo("one ");
        assertThat(stops.accept("N")).isEmpty();
        assertThat(stops.accept("D two")).isEmpty();
        assertThat(stops.found()).contains("END");
        assertThat(stops.accept("three")).isEmpty();
        assertThat(stops.flush()).isEmpty();
    }

    @Test
    void whatTurnsOutHarmlessIsPassedOn() {
        StopStrings stops = new StopStrings(List.of("\n\nUser:"), false);

        assertThat(stops.accept("Hi.\n\n")).isEqualTo("Hi.");
        assertThat(stops.accept("Us")).isEmpty();
        assertThat(stops.accept("ually")).isEqualTo("\n\nUsually");
        assertThat(stops.accept("\n")).isEmpty();
        assertThat(stops.flush()).isEqualTo("\n");
        assertThat(stops.found()).isEmpty();
    }

    @Test
    void onlyTheLongestPossiblePrefixIsHeldBack() {
        StopStrings stops = new StopStrings(List.of("aab"), false);

        assertThat(stops.accept("aaaa")).isEqualTo("aa");
        assertThat(stops.accept("a")).isEqualTo("a");
        assertThat(stops.accept("b")).isEmpty();
        assertThat(stops.found()).contains("aab");
    }

    @Test
    void theStringThatIsCompleteFirstCounts() {
        StopStrings stops = new StopStrings(List.of("abcd", "bc"), false);

        assertThat(stops.accept("xabcd")).isEqualTo("xa");
        assertThat(stops.found()).contains("bc");
    }

    @Test
    void ofSeveralCompleteAtOnceTheLongestCounts() {
        StopStrings stops = new StopStrings(List.of("c", "abc", "bc"), false);

        assertThat(stops.accept("xabc")).isEqualTo("x");
        assertThat(stops.found()).contains("abc");
    }

    @Test
    void withoutStopStringsNothingIsHeldBack() {
        StopStrings stops = new StopStrings(List.of(), false);

        assertThat(stops.accept("any")).isEqualTo("any");
        assertThat(stops.flush()).isEmpty();
    }

    @Test
    void charactersBeyondTheBasicPlaneAreMatchedWhole() {
        StopStrings stops = new StopStrings(List.of("😀!"), false);

        assertThat(stops.accept("a😁")).isEqualTo("a😁"); // the same high surrogate
        assertThat(stops.accept("😀")).isEmpty();
        assertThat(stops.accept("?")).isEqualTo("😀?");
    }

    @Test
    void emptyAndBrokenStringsAreRefused() {
        for (String stop : List.of("", "a\uD83D", "\uDE00")) {
            assertThatThrownBy(() -> new StopStrings(List.of("ok", stop), false))
                    .isInstanceOfSatisfying(
                            InvalidRequest.class, e -> assertThat(e.param()).contains("stop"));
        }
    }

    @Test
    void aLongAlmostMatchTakesLinearTime() {
        String stop = "a".repeat(1023) + "b";
        StopStrings stops = new StopStrings(List.of(stop, "a".repeat(1022) + "c"), false);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 300_000; i++) {
            out.append(stops.accept("a"));
        }
        out.append(stops.accept("b"));

        assertThat(out).hasSize(300_000 - 1023);
        assertThat(stops.found()).contains(stop);
    }

    @Test
    void anyCutGivesTheSameAsTheWholeText() {
        for (long seed = 0; seed < 8_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int letters = random.nextInt(1, 4);
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                stops.add(text(random, letters, random.nextInt(1, 7)));
            }
            String text = text(random, letters, random.nextInt(60));
            Cut expected = cut(text, stops);

            StopStrings matcher = new StopStrings(stops, false);
            StringBuilder out = new StringBuilder();
            int at = 0;
            while (at < text.length()) {
                int next = Math.min(text.length(), at + random.nextInt(6));
                out.append(matcher.accept(text.substring(at, next)));
                at = next;
                String certain = out.toString();
                assertThat(expected.kept()).as("seed %d", seed).startsWith(certain);
                if (matcher.found().isEmpty()) {
                    assertThat(text.substring(certain.length(), at))
                            .as("seed %d: held back", seed)
                            .isEqualTo(longestPossiblePrefix(text.substring(0, at), stops));
                }
            }
            out.append(matcher.flush());

            assertThat(out.toString()).as("seed %d", seed).isEqualTo(expected.kept());
            assertThat(matcher.found().orElse(null)).as("seed %d", seed).isEqualTo(expected.stop());
        }
    }

    private record Cut(String kept, @Nullable String stop) {}

    /** The definition, on the whole text: the first end of any stop string, then the longest. */
    private static Cut cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String longest = null;
            for (String stop : stops) {
                if (text.substring(0, end).endsWith(stop)
                        && (longest == null || stop.length() > longest.length())) {
                    longest = stop;
                }
            }
            if (longest != null) {
                return new Cut(text.substring(0, end - longest.length()), longest);
            }
        }
        return new Cut(text, null);
    }

    private static String longestPossiblePrefix(String text, List<String> stops) {
        for (int start = 0; start < text.length(); start++) {
            String rest = text.substring(start);
            if (stops.stream().anyMatch(stop -> stop.startsWith(rest))) {
                return rest;
            }
        }
        return "";
    }

    private static String text(SplittableRandom random, int letters, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(letters)));
        }
        return text.toString();
    }
}
