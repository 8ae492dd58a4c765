package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.grammar.RandomAnswer;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;

/** Random answers held to regular expressions and choices. */
@Timeout(300)
class FormatWalkTest {
    private static final int MARATHON = Integer.getInteger("scout4j.marathon", 1);

    private static final Tokenizer LLAMA4 = open("tokenizer/tokenizer.model");
    private static final Tokenizer TINY = open("model/scout-tiny/tokenizer.json");
    private static final AnswerGrammars OF_LLAMA4 = new AnswerGrammars(LLAMA4, Set.of());
    private static final AnswerGrammars OF_TINY = new AnswerGrammars(TINY, Set.of());

    /** Read alike by ECMA-262 and Java. */
    private static final List<String> REGEXES =
            List.of(
                    "a",
                    "[a-z]{3,5}",
                    "(yes|no|maybe)( please)?",
                    "^\\d{3}-\\d{4}$",
                    "[^\\n\"]*!",
                    "(?:[01]\\d|2[0-3]):[0-5]\\d",
                    "(a*)*b",
                    "(?=.*\\d)[a-f0-9]{4,8}",
                    "(?!00)\\d\\d",
                    "é+[日本]?😀*",
                    "\\u0041[\\x30-\\x35]+",
                    ".*",
                    "[\\s\\S]{0,7}",
                    "(?:(?:25[0-5]|1?\\d?\\d)\\.){3}\\d",
                    "a{2,}|b{0,3}c+?",
                    "\\w+@\\w+\\.(com|org)",
                    "[-+]?(0|[1-9]\\d*)(\\.\\d+)?",
                    "\\[\\{\\}\\]\\(\\)\\\\/");

    private static final List<List<String>> CHOICES =
            List.of(
                    List.of("yes", "no"),
                    List.of("a", "ab", "abc", "abd"),
                    List.of("positive", "negative", "neutral"),
                    List.of("日本", "日", "😀", "é\n"),
                    List.of(" x", "x ", "\"", "{}"));

    private static Tokenizer open(String file) {
        return Tokenizers.open(Path.of("src/test/resources/golden").resolve(file));
    }

    private static String answer(ResponseFormat format, int walk) {
        SplittableRandom random = new SplittableRandom(walk);
        boolean large = walk % 2 == 0;
        Tokenizer tokenizer = large ? LLAMA4 : TINY;
        AnswerGrammars.Held held = (large ? OF_LLAMA4 : OF_TINY).of(format);
        return RandomAnswer.draw(
                        Objects.requireNonNull(held.constraint()).get(),
                        tokenizer::bytes,
                        random.nextInt(1, 20),
                        RandomAnswer.Taste.values()[walk % 4],
                        random,
                        format + ", walk " + walk)
                .text();
    }

    @Test
    void answersMatchTheirPattern() {
        for (String regex : REGEXES) {
            Pattern judge = Pattern.compile(regex);
            for (int walk = 0; walk < 40 * MARATHON; walk++) {
                String answer = answer(new ResponseFormat.Pattern(regex), walk);
                assertThat(judge.matcher(answer).matches())
                        .as("%s, walk %d: %s", regex, walk, answer)
                        .isTrue();
            }
        }
    }

    @Test
    void answersAreAmongTheChoicesAndAllAreFound() {
        for (List<String> texts : CHOICES) {
            Set<String> found = new TreeSet<>();
            for (int walk = 0; walk < 100 * MARATHON; walk++) {
                String answer = answer(new ResponseFormat.Choice(texts), walk);
                assertThat(texts).as("walk %d", walk).contains(answer);
                found.add(answer);
            }
            assertThat(found).containsExactlyInAnyOrderElementsOf(texts);
        }
    }
}
