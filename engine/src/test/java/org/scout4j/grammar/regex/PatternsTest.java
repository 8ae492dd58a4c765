package org.scout4j.grammar.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

class PatternsTest {
    private static final int MANY = 4000;

    /** Parts whose meaning in java.util.regex is that of ECMA-262 on this alphabet. */
    private static final String[] ATOMS = {
        "a",
        "b",
        "c",
        ".",
        "[ab]",
        "[^a]",
        "[a-c]",
        "\\w",
        "\\d",
        "\\W",
        "\\s",
        "(a|b)",
        "(?:ab|c)",
        "(b|)",
        "[\\w-]",
        "-",
        "1"
    };

    private static final String[] ASSERTIONS = {
        "^",
        "$",
        "\\b",
        "\\B",
        "(?=a)",
        "(?!b)",
        "(?=.*c$)",
        "(?!ab|c)",
        "(?<=a)",
        "(?<!b)",
        "(?<=^|ab)",
        "(?=\\b)",
        "(?!^)"
    };

    private static final String[] QUANTIFIERS = {
        "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,3}?", "{2,}"
    };

    private static final String[] LOOPS = {"", "*", "+", "?", "*?", "??"};

    @Test
    void randomPatternsAgreeWithTheJdk() {
        for (int seed = 0; seed < MANY; seed++) {
            Random random = new Random(seed);
            String pattern = random(random, 2);
            java.util.regex.Pattern judge = java.util.regex.Pattern.compile(pattern);
            TextDfa found = Patterns.compile(pattern, ample());
            TextDfa whole = Patterns.whole(pattern, ample());
            for (int draw = 0; draw < 40; draw++) {
                String text = text(random);
                String where = "seed " + seed + ": " + pattern + " on \"" + text + "\"";
                assertThat(found.contains(text)).as(where).isEqualTo(judge.matcher(text).find());
                // The bounds of a region are no look-behind's business, so the whole is a group.
                boolean all = java.util.regex.Pattern.matches("(?:" + pattern + ")", text);
                assertThat(whole.contains(text)).as(where).isEqualTo(all);
            }
        }
    }

    private static String random(Random random, int depth) {
        StringBuilder pattern = new StringBuilder();
        int parts = 1 + random.nextInt(4);
        for (int part = 0; part < parts; part++) {
            int kind = random.nextInt(10);
            if (kind == 0 && depth > 0) {
                pattern.append('(').append(random(random, depth - 1)).append(')');
                // With a minimum, the JDK does not try empty rounds as ECMA-262 does.
                pattern.append(pick(LOOPS, random));
            } else if (kind == 1 && depth > 0) {
                pattern.append("(?:").append(random(random, depth - 1)).append(")*");
            } else if (kind == 2) {
                pattern.append(pick(ASSERTIONS, random));
            } else {
                pattern.append(pick(ATOMS, random));
                quantify(pattern, random);
            }
        }
        return random.nextInt(5) == 0 ? pattern + "|" + pick(ATOMS, random) : pattern.toString();
    }

    private static void quantify(StringBuilder pattern, Random random) {
        if (random.nextInt(3) == 0) {
            pattern.append(pick(QUANTIFIERS, random));
        }
    }

    private static String pick(String[] from, Random random) {
        return from[random.nextInt(from.length)];
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.append("aaabbbcc1- ".charAt(random.nextInt(11)));
        }
        return text.toString();
    }

    /** Pattern, a text in which it is found, one in which it is not; '' = none of that kind. */
    @ParameterizedTest
    @CsvSource({
        "^a.c$, abc, 'a\nc'",
        "^\\/\\-\\_\\@$, /-_@, /-_",
        "^[\\w-.]+$, a-b.c, a b",
        "^[a\\d-z]+$, 5-az, b",
        "^a]b}c{d$, a]b}c{d, ab",
        "'^x{,3}$', 'x{,3}', xx",
        "^\\u0041\\x42\\u{43}$, ABC, AB",
        "^\\uD83D\\uDE00$, \uD83D\uDE00, x",
        "^.$, \uD83D\uDE00, ab",
        "^\\cJ\\0$, '\n\0', J",
        "^[\\b]$, '\b', b",
        "^\\p{Lu}\\P{L}$, A1, AA",
        "^\\p{Script=Greek}+$, \u03B1\u03B2, ab",
        "^\\p{sc=Cyrl}$, \u0436, z",
        "^\\p{General_Category=Decimal_Number}$, 5, x",
        "^[\\p{L}\\d]+$, \u00E95, _",
        "^\\s$, \uFEFF, \u0085",
        "^\\w$, _, \u00E9",
        "^[^]$, '\n', ''",
        "[], '', a",
        "^(?<year>\\d{4})$, 2024, 24",
        "^(?:(?!foo).)*$, barfo, a foo",
        "'^(?=.*[A-Z])(?=.*\\d).{4,}$', aB3d, ab3d",
        "(?<=^a)b, ab, aab",
        "\\bcat\\b, a cat!, concat",
        "a{2}b|^$, '', ab",
        "$^, '', a",
        "(?=a)*b, b, a",
        "^\\1$, '\u0001', 1",
        "^\uD83D\uDC32*$, \uD83D\uDC32\uD83D\uDC32, \uD83D\uDC09",
    })
    void meaningIsThatOfEcma262(String pattern, String found, String not) {
        TextDfa dfa = Patterns.compile(pattern, ample());
        if (!pattern.equals("[]")) {
            assertThat(dfa.contains(found)).as("%s in %s", pattern, found).isTrue();
        }
        if (!pattern.equals("^[^]$")) {
            assertThat(dfa.contains(not)).as("%s in %s", pattern, not).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "(?",
                "(a",
                "[a",
                "[b-a]",
                "*a",
                "a**",
                "a*+",
                "^*",
                "\\b+",
                "a{3,2}",
                "\\",
                "(?i)a",
                "(?P<n>a)",
                "(?<1>a)",
                "\\Z",
                "\\y",
                "\\u{110000}",
                "\\x4",
                "\\c1",
                "{2}",
                "(?<=a)*",
                "\\p{",
                "\\pL",
                "a{1}{2}"
            })
    void nonsenseIsInvalid(String pattern) {
        refused(pattern, Reason.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(a)\\1", "(?<n>a)\\k<n>", "\\p{Nonsense}", "(?=(?<=a)b)", "(?<=a(?=b))"})
    void whatIsNotRegularIsUnsupported(String pattern) {
        refused(pattern, Reason.UNSUPPORTED);
    }

    private static void refused(String pattern, Reason reason) {
        assertThatThrownBy(() -> Patterns.compile(pattern, ample()))
                .as(pattern)
                .asInstanceOf(InstanceOfAssertFactories.type(GrammarRefused.class))
                .extracting(GrammarRefused::reason)
                .isEqualTo(reason);
    }

    static String[] hostile() {
        return new String[] {
            "^(a|b)*a(a|b){30}$",
            "^(((a{1,100}){1,100}){1,100}){1,100}$",
            "^(a{0,1000}){0,1000}$",
            "a{1000000000}",
            "(?:a?){100000000}b",
            "^(.*a){40}(.*b){40}$",
            "(".repeat(2000) + ")".repeat(2000),
            "(?:".repeat(1300) + "a",
            "[".repeat(4000),
            "(?=".repeat(199) + "a" + ")".repeat(199),
            "(?!.*a.{20})".repeat(100) + "$",
            "^(?:(?=.*a.{12}b)|(?!c.{15}d))*.{500}$",
            "(\\p{L}|\\p{N}|\\P{Lu}){1,5000}$",
            "(?<=a.{20})b(?<!c.{20})",
            "\\b(?:\\w+\\b\\W*){1,400}$",
            "^.*[a-z]{1,5000}$",
            "x*".repeat(2000),
            "(x+x+)+y",
            "(" + "a|".repeat(2000) + ")*" + "b",
            "\\u{" + "0".repeat(4000) + "41}",
            "\\p{Alphabetic}".repeat(290),
            "[" + "\\P{L}\\p{sc=Greek}".repeat(200) + "]{1,4}",
        };
    }

    /** Right or refused, within the budget of a request. */
    @ParameterizedTest
    @MethodSource("hostile")
    @Timeout(30)
    void hostilePatternsEnd(String pattern) {
        try {
            Patterns.compile(pattern, CompileBudget.ofRequest());
        } catch (GrammarRefused refused) {
            assertThat(refused.reason()).isIn(Reason.TOO_COMPLEX, Reason.INVALID);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a*)*b",
                "^[\\s\\S]{1,5000}$",
                "^(a+)+$",
                "^(a|a|aa)*$",
                "^(?:x{0,30}y){1,30}$"
            })
    void whatOnlyLooksHardIsCompiled(String pattern) {
        assertThat(Patterns.compile(pattern, CompileBudget.ofRequest()).isEmpty()).isFalse();
    }

    private static CompileBudget ample() {
        return new CompileBudget(10_000_000, Duration.ofMinutes(5));
    }
}
