package org.scout4j.grammar.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;

class DfaAlgebraTest {
    private static final int LONGEST = 6;
    private static final String ALPHABET = "abc";

    /** All texts of a, b, c up to a length. */
    private static final List<String> TEXTS = texts();

    private final CompileBudget budget = new CompileBudget(10_000_000, Duration.ofMinutes(5));

    private static List<String> texts() {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int at = 0; texts.get(at).length() < LONGEST; at++) {
            for (char c : ALPHABET.toCharArray()) {
                texts.add(texts.get(at) + c);
            }
        }
        return texts;
    }

    @Test
    void operationsAgreeWithEnumeration() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TextDfa a = random(random);
            TextDfa b = random(random);
            TextDfa and = DfaAlgebra.and(a, b, budget);
            TextDfa or = DfaAlgebra.or(a, b, budget);
            TextDfa minus = DfaAlgebra.minus(a, b, budget);
            TextDfa not = DfaAlgebra.not(a, budget);
            int min = random.nextInt(4);
            int max = random.nextInt(6) == 0 ? Integer.MAX_VALUE : random.nextInt(6);
            TextDfa length = DfaAlgebra.withLength(a, min, max, budget);
            for (String text : TEXTS) {
                boolean inA = a.contains(text);
                boolean inB = b.contains(text);
                String where = "seed " + seed + ": " + text;
                assertThat(and.contains(text)).as(where).isEqualTo(inA && inB);
                assertThat(or.contains(text)).as(where).isEqualTo(inA || inB);
                assertThat(minus.contains(text)).as(where).isEqualTo(inA && !inB);
                assertThat(not.contains(text)).as(where).isEqualTo(!inA);
                assertThat(length.contains(text))
                        .as(where)
                        .isEqualTo(inA && text.length() >= min && text.length() <= max);
            }
            laws(seed, a, b);
        }
    }

    private void laws(int seed, TextDfa a, TextDfa b) {
        TextDfa morgan =
                DfaAlgebra.not(
                        DfaAlgebra.and(
                                DfaAlgebra.not(a, budget), DfaAlgebra.not(b, budget), budget),
                        budget);
        TextDfa or = DfaAlgebra.or(a, b, budget);
        assertThat(DfaAlgebra.sameLanguage(morgan, or, budget)).as("seed %d", seed).isTrue();
        assertThat(DfaAlgebra.includes(or, a, budget)).as("seed %d", seed).isTrue();
        assertThat(DfaAlgebra.includes(a, or, budget))
                .as("seed %d", seed)
                .isEqualTo(DfaAlgebra.minus(b, a, budget).isEmpty());
        TextDfa small = DfaAlgebra.minimised(or, budget);
        assertThat(DfaAlgebra.sameLanguage(small, or, budget)).as("seed %d", seed).isTrue();
        assertThat(small.states()).as("seed %d", seed).isLessThanOrEqualTo(or.states());
        assertThat(DfaAlgebra.minimised(morgan, budget).states())
                .as("seed %d", seed)
                .isEqualTo(small.states());
    }

    @Test
    void countsAgreeWithEnumeration() {
        for (int seed = 0; seed < 300; seed++) {
            TextDfa finite = DfaAlgebra.withLength(letters(seed), 0, LONGEST, budget);
            List<String> in = TEXTS.stream().filter(finite::contains).sorted().toList();
            String where = "seed " + seed;
            assertThat(finite.isFinite()).as(where).isTrue();
            assertThat(finite.list(10_000)).as(where).isEqualTo(in);
            if (in.isEmpty()) {
                assertThat(finite.isEmpty()).as(where).isTrue();
                continue;
            }
            int shortest = in.stream().mapToInt(String::length).min().orElseThrow();
            assertThat(finite.words(finite.start())).as(where).isEqualTo(in.size());
            assertThat(finite.shortestLength()).as(where).isEqualTo(shortest);
            assertThat(finite.longestLength())
                    .as(where)
                    .isEqualTo(in.stream().mapToInt(String::length).max().orElseThrow());
            assertThat(finite.example()).as(where).hasSize(shortest).matches(finite::contains);
            assertThat(finite.list(2)).as(where).isEqualTo(in.subList(0, Math.min(2, in.size())));
        }
    }

    private TextDfa letters(int seed) {
        TextDfa.Builder letters = new TextDfa.Builder();
        int only = letters.state(true);
        letters.edge(only, 'a', 'c', only);
        return DfaAlgebra.and(random(new Random(seed)), letters.build(only), budget);
    }

    @Test
    void wordsAreExactlyThose() {
        List<String> words = List.of("", "a", "ab", "abc", "ac", "\uD83D\uDE00", "\uFFFF", "ab");
        TextDfa dfa = TextDfa.ofWords(words);
        assertThat(dfa.list(100))
                .containsExactly("", "a", "ab", "abc", "ac", "\uFFFF", "\uD83D\uDE00");
        assertThat(TextDfa.ofWords(List.of()).isEmpty()).isTrue();
        assertThat(TextDfa.ofWords(List.of("\uD800")).isEmpty()).isTrue();
    }

    @Test
    void surrogatesAreNoTexts() {
        TextDfa one = DfaAlgebra.withLength(TextDfa.any(), 1, 1, budget);
        assertThat(one.words(one.start())).isEqualTo(0x110000 - 0x800);
        TextDfa two = DfaAlgebra.withLength(TextDfa.any(), 0, 4, budget);
        assertThat(two.words(two.start())).isEqualTo(Long.MAX_VALUE);
        assertThat(two.isFinite()).isTrue();
        TextDfa.Builder lone = new TextDfa.Builder();
        lone.edge(lone.state(false), 0xD800, 0xDFFF, lone.state(true));
        assertThat(lone.build(0).isEmpty()).isTrue();
    }

    @Test
    void theBudgetBoundsProducts() {
        TextDfa many = DfaAlgebra.withLength(TextDfa.any(), 0, 5000, budget);
        CompileBudget small = new CompileBudget(1000, Duration.ofMinutes(1));
        assertThatThrownBy(() -> DfaAlgebra.minus(many, TextDfa.ofWords(List.of("a")), small))
                .isInstanceOf(GrammarRefused.class);
    }

    /** A few states, ranges over all code points with borders near the letters. */
    static TextDfa random(Random random) {
        TextDfa.Builder builder = new TextDfa.Builder();
        int states = 1 + random.nextInt(5);
        for (int state = 0; state < states; state++) {
            builder.state(random.nextInt(3) == 0);
        }
        for (int state = 0; state < states; state++) {
            int low = random.nextInt(3) == 0 ? 0 : 'a' - 1 + random.nextInt(3);
            while (low <= 'd') {
                int high =
                        random.nextInt(5) == 0 ? TextDfa.MAX_CODE_POINT : low + random.nextInt(3);
                if (random.nextInt(4) > 0) {
                    builder.edge(state, low, high, random.nextInt(states));
                }
                low = high + 1;
            }
        }
        return builder.build(0);
    }
}
