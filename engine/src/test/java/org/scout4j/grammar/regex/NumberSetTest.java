package org.scout4j.grammar.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;

class NumberSetTest {
    private final CompileBudget budget = CompileBudget.ofRequest();

    @Test
    void boundsAgreeWithArithmetic() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            BigDecimal bound = new BigDecimal(plain(random));
            agrees(seed, NumberSet.atLeast(bound, ample()), x -> x.compareTo(bound) >= 0, bound);
            agrees(seed, NumberSet.greaterThan(bound, ample()), x -> x.compareTo(bound) > 0, bound);
            agrees(seed, NumberSet.atMost(bound, ample()), x -> x.compareTo(bound) <= 0, bound);
            agrees(seed, NumberSet.lessThan(bound, ample()), x -> x.compareTo(bound) < 0, bound);
            agrees(seed, NumberSet.equalTo(bound, ample()), x -> x.compareTo(bound) == 0, bound);
        }
    }

    /** Plain and normalised scientific spellings, many of them close to the bound. */
    private static void agrees(
            int seed, NumberSet set, Predicate<BigDecimal> expected, BigDecimal near) {
        Random random = new Random(seed);
        TextDfa spelling = set.spelling(ample());
        TextDfa others = set.not(ample()).spelling(ample());
        for (int draw = 0; draw < 60; draw++) {
            String text = draw % 2 == 0 ? plain(random) : nearby(near, random);
            BigDecimal value = new BigDecimal(text);
            String where = "seed " + seed + ": " + text + " against " + near;
            assertThat(spelling.contains(text)).as(where).isEqualTo(expected.test(value));
            assertThat(others.contains(text)).as(where).isEqualTo(!expected.test(value));
            assertThat(set.contains(value)).as(where).isEqualTo(expected.test(value));
            if (value.signum() != 0) {
                String scientific = scientific(value, random);
                assertThat(spelling.contains(scientific))
                        .as(where + " as " + scientific)
                        .isEqualTo(expected.test(value));
                assertThat(others.contains(scientific))
                        .as(where + " as " + scientific)
                        .isEqualTo(!expected.test(value));
            }
        }
    }

    private static String plain(Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
        int digits = random.nextInt(5);
        text.append(digits == 0 ? "0" : "" + (1 + random.nextInt(9)));
        for (int more = 1; more < digits; more++) {
            text.append(random.nextInt(3) == 0 ? random.nextInt(10) : random.nextInt(2) * 9);
        }
        int fraction = random.nextInt(4);
        for (int place = 0; place < fraction; place++) {
            text.append(place == 0 ? "." : "").append(random.nextInt(3) * 4);
        }
        return text.toString();
    }

    private static String nearby(BigDecimal near, Random random) {
        BigDecimal step = BigDecimal.ONE.movePointLeft(random.nextInt(5));
        String text =
                near.add(step.multiply(BigDecimal.valueOf(random.nextInt(3) - 1))).toPlainString();
        if (random.nextInt(4) == 0) {
            text += text.contains(".") ? "0" : ".0";
        }
        return text;
    }

    private static String scientific(BigDecimal value, Random random) {
        String digits = value.unscaledValue().abs().toString();
        long exponent = digits.length() - 1L - value.scale();
        StringBuilder text = new StringBuilder(value.signum() < 0 ? "-" : "");
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append(random.nextBoolean() ? 'e' : 'E');
        text.append(exponent < 0 ? "-" : random.nextBoolean() ? "+" : "");
        text.append(random.nextBoolean() ? "0" : "").append(Math.abs(exponent));
        return text.toString();
    }

    @Test
    void setsAgreeWithArithmetic() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            BigDecimal low = new BigDecimal(plain(random));
            BigDecimal high = new BigDecimal(plain(random));
            NumberSet between =
                    NumberSet.atLeast(low, ample()).and(NumberSet.lessThan(high, ample()), ample());
            agrees(seed, between, x -> x.compareTo(low) >= 0 && x.compareTo(high) < 0, low);
            NumberSet around =
                    NumberSet.atMost(low, ample())
                            .or(NumberSet.greaterThan(high, ample()), ample());
            agrees(seed, around, x -> x.compareTo(low) <= 0 || x.compareTo(high) > 0, high);
            assertThat(between.isEmpty()).as("seed %d", seed).isEqualTo(low.compareTo(high) >= 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2", "3", "7", "10", "12", "100", "250", "1000000", "0.5", "2.5", "0.01", "0.1",
                "1.5", "0.25", "0.0001", "1e-8", "120", "0.3", "99", "1024"
            })
    void multiplesAgreeWithArithmetic(String step) {
        BigDecimal size = new BigDecimal(step);
        TextDfa spelling = NumberSet.multipleOf(size, budget).spelling(budget);
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            BigDecimal value =
                    seed % 2 == 0
                            ? new BigDecimal(plain(random))
                            : size.multiply(BigDecimal.valueOf(random.nextInt(200_000) - 100_000));
            String text =
                    value.toPlainString() + (value.scale() <= 0 && seed % 3 == 0 ? ".00" : "");
            assertThat(spelling.contains(text))
                    .as("seed %d: %s by %s", seed, text, step)
                    .isEqualTo(value.remainder(size).signum() == 0);
        }
    }

    @Test
    void integersAreIntegersByValue() {
        TextDfa spelling = NumberSet.integers().spelling(budget);
        for (String yes :
                "0 -0 5 5.0 -12.000 1e0 5e3 1e+16 1.5e300 -1.2345678901234567e+16".split(" ")) {
            assertThat(spelling.contains(yes)).as(yes).isTrue();
        }
        for (String no : "0.5 5.01 1e-1 1.5e0 1.234e2 -1e-07 9.9e-1 01 5. .5 + -".split(" ")) {
            assertThat(spelling.contains(no)).as(no).isFalse();
        }
    }

    @Test
    void fractionsAreWhatIsNoInteger() {
        TextDfa spelling = NumberSet.integers().not(budget).spelling(budget);
        for (String yes : "0.5 -5.01 1e-1 1.5e-07 -9.99E-12".split(" ")) {
            assertThat(spelling.contains(yes)).as(yes).isTrue();
        }
        for (String no : "0 5 5.0 1e3 1.5e+300 0.0 1e0 1e-0".split(" ")) {
            assertThat(spelling.contains(no)).as(no).isFalse();
        }
    }

    @Test
    void allTakesEverySpellingOfWhatADoubleHolds() {
        TextDfa spelling = NumberSet.all().spelling(budget);
        for (String yes : "0 -0 0e5 10E-2 0.50e+05 1e308 1e+0308 1E-299 3e30 4e4 12.5".split(" ")) {
            assertThat(spelling.contains(yes)).as(yes).isTrue();
        }
        for (String no :
                "00 - 1. .1 1e 1e+ +1 0x1 NaN 1e309 1e400 1e-3000 0e1000000000".split(" ")) {
            assertThat(spelling.contains(no)).as(no).isFalse();
        }
        assertThat(NumberSet.all().not(budget).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1e308", "-1e-300", "1.7976931348623157e308"})
    void largeBoundsHold(String text) {
        BigDecimal bound = new BigDecimal(text);
        agrees(1, NumberSet.atMost(bound, ample()), x -> x.compareTo(bound) <= 0, bound);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1000000000", "1e-1000000000", "-3e5000"})
    void hugeBoundsAreRefused(String bound) {
        assertThatThrownBy(() -> NumberSet.atLeast(new BigDecimal(bound), budget))
                .isInstanceOf(GrammarRefused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.123456789", "1e-100000", "123456789", "1e900000"})
    void hugeStepsAreRefused(String step) {
        assertThatThrownBy(() -> NumberSet.multipleOf(new BigDecimal(step), budget))
                .isInstanceOf(GrammarRefused.class);
    }

    private static CompileBudget ample() {
        return CompileBudget.ofRequest();
    }
}
