package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The scanners against the expressions that define them, run by a backtracking engine. */
class PreTokenizerTest {
    private static final String WHITE_SPACE =
            "\\x09-\\x0D\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000";
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    @Test
    void splitsAsLlama4() {
        compare(new Llama4PreTokenizer(), java(Llama4PreTokenizer.EXPRESSION), 1);
    }

    @Test
    void splitsAsLlama3() {
        compare(new Llama3PreTokenizer(), java(Llama3PreTokenizer.EXPRESSION), 2);
    }

    @Test
    void splitsAsGpt2() {
        compare(new Gpt2PreTokenizer(false), java(GPT2), 3);
    }

    @Test
    void splitsAsSmolLm() {
        Pattern digit = Pattern.compile("\\p{N}");
        Pattern rest = java(GPT2);
        SplittableRandom random = new SplittableRandom(4);
        for (int round = 0; round < 2_000; round++) {
            String text = TokenizerFixtures.randomText(random, random.nextInt(1, 40));
            List<String> expected = new ArrayList<>();
            int end = 0;
            for (Matcher digits = digit.matcher(text); digits.find(); end = digits.end()) {
                expected.addAll(pieces(rest, text.substring(end, digits.start())));
                expected.add(digits.group());
            }
            expected.addAll(pieces(rest, text.substring(end)));
            assertThat(pieces(new Gpt2PreTokenizer(true), text))
                    .as("round %d: %s", round, text)
                    .isEqualTo(expected);
        }
    }

    private static void compare(PreTokenizer scanner, Pattern expression, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = TokenizerFixtures.randomText(random, random.nextInt(1, 40));
            assertThat(pieces(scanner, text))
                    .as("seed %d, round %d: %s", seed, round, text)
                    .isEqualTo(pieces(expression, text));
        }
    }

    /** The expression in Java's dialect: white space spelled out, case ignored beyond ASCII. */
    private static Pattern java(String expression) {
        return Pattern.compile(
                expression
                        .replace("(?i:", "(?iu:")
                        .replace("[^\\s", "[^" + WHITE_SPACE)
                        .replace("(?!\\S)", "(?![^" + WHITE_SPACE + "])")
                        .replace("\\s", "[" + WHITE_SPACE + "]"));
    }

    private static List<String> pieces(Pattern expression, String text) {
        List<String> pieces = new ArrayList<>();
        for (Matcher matcher = expression.matcher(text); matcher.find(); ) {
            pieces.add(matcher.group());
        }
        assertThat(String.join("", pieces)).isEqualTo(text);
        return pieces;
    }

    private static List<String> pieces(PreTokenizer scanner, String text) {
        int[] codePoints = text.codePoints().toArray();
        List<String> pieces = new ArrayList<>();
        for (int from = 0, to; from < codePoints.length; from = to) {
            to = scanner.pieceEnd(codePoints, from, codePoints.length);
            assertThat(to).isGreaterThan(from);
            pieces.add(new String(codePoints, from, to - from));
        }
        return pieces;
    }

    @Test
    void everyCodePointHasTheClassOfTheExpressions() {
        List<Pattern> classes =
                List.of(
                        Pattern.compile("[\\p{Lu}\\p{Lt}]"),
                        Pattern.compile("\\p{Ll}"),
                        Pattern.compile("[\\p{Lm}\\p{Lo}]"),
                        Pattern.compile("\\p{M}"),
                        Pattern.compile("\\p{N}"),
                        Pattern.compile("[" + WHITE_SPACE + "&&[^\\r\\n]]"),
                        Pattern.compile("[\\r\\n]"),
                        Pattern.compile("[^\\p{L}\\p{M}\\p{N}" + WHITE_SPACE + "]"));
        for (int codePoint = 0;
                codePoint <= Character.MAX_CODE_POINT;
                codePoint += step(codePoint)) {
            String text = Character.toString(codePoint);
            int expected = 0;
            for (int bit = 0; bit < classes.size(); bit++) {
                expected |= classes.get(bit).matcher(text).matches() ? 1 << bit : 0;
            }
            if (CharacterClass.of(codePoint) != expected) {
                fail("U+%04X is %d for %d", codePoint, CharacterClass.of(codePoint), expected);
            }
        }
    }

    // All of the first planes, a sample of the private ones.
    private static int step(int codePoint) {
        return codePoint < 0x20000 ? 1 : 97;
    }
}
