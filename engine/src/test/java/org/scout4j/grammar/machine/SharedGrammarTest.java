package org.scout4j.grammar.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.grammar.regex.Patterns;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

/** One grammar used by many, and used for long; texts with a largest length. */
class SharedGrammarTest {
    private static final TokenVocabulary VOCABULARY = ByteStrings.vocabulary(7);

    /** Objects of many different texts, so that states are made all the time. */
    private static Language many() {
        ValueNode text =
                ValueNode.of(
                        new Alternative.Strings(
                                Patterns.compile("^(?:[a-z]+ ?)*$", CompileBudget.ofRequest()),
                                0,
                                3000));
        return new Language.Document(
                ValueNode.of(
                        new Alternative.Objects(
                                List.of(Nodes.required("a", text), Nodes.optional("b", text)),
                                List.of(),
                                0,
                                Alternative.UNBOUNDED,
                                List.of())));
    }

    /** The sums of the masks along one random answer. */
    private static List<Long> walk(Grammar grammar, long seed, int steps) {
        Random random = new Random(seed);
        List<Long> sums = new ArrayList<>();
        TokenConstraint constraint = grammar.constraint();
        TokenSet allowed = new TokenSet(VOCABULARY.size());
        for (int step = 0; step < steps; step++) {
            constraint.mask(allowed);
            long sum = constraint.mayEnd() ? 1 : 0;
            for (long word : allowed.words()) {
                sum = sum * 31 + word;
            }
            sums.add(sum);
            int count = allowed.count();
            if (count == 0) {
                break;
            }
            int token = -1;
            for (int skip = random.nextInt(count); skip >= 0; skip--) {
                token = allowed.next(token + 1);
            }
            constraint.accept(token);
        }
        return sums;
    }

    @Test
    void threadsThatShareAGrammarSeeTheMasksOfOneAlone()
            throws InterruptedException, ExecutionException, TimeoutException {
        Grammar shared = Grammar.of(many(), VOCABULARY);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<List<Long>>> walks = new ArrayList<>();
            for (int seed = 0; seed < 24; seed++) {
                long own = seed;
                walks.add(threads.submit(() -> walk(shared, own, 1500)));
            }
            for (int seed = 0; seed < 24; seed++) {
                assertThat(walks.get(seed).get(5, TimeUnit.MINUTES))
                        .as("seed %d", seed)
                        .isEqualTo(walk(Grammar.of(many(), VOCABULARY), seed, 1500));
            }
        }
    }

    @Test
    void whatAGrammarKeepsIsBounded() {
        Grammar grammar = Grammar.of(many(), VOCABULARY);
        for (int seed = 0; seed < 40; seed++) {
            walk(grammar, seed, 3000);
            assertThat(grammar.retainedBytes()).as("seed %d", seed).isBetween(1L, 20L << 20);
        }
    }

    @Test
    void countedLengthsAreThoseOfTheMultipliedAutomaton() {
        for (int max = 1; max < 8; max++) {
            var whole = Patterns.compile("^(?:ab+|[0-9]{3}|é😀)*$", CompileBudget.ofRequest());
            Language counted =
                    new Language.Document(ValueNode.of(new Alternative.Strings(whole, 0, max)));
            for (String text :
                    List.of(
                            "",
                            "ab",
                            "abb",
                            "abab",
                            "123",
                            "123456",
                            "é😀",
                            "é😀é😀",
                            "abé😀123",
                            "\\u00e9\\ud83d\\ude00ab",
                            "a",
                            "1234",
                            "abbbbbb",
                            "abbbbbbb")) {
                String plain = text.replace("\\u00e9", "é").replace("\\ud83d\\ude00", "😀");
                boolean valid =
                        whole.contains(plain) && plain.codePointCount(0, plain.length()) <= max;
                assertThat(
                                ByteMatcher.accepts(
                                        counted,
                                        ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8)))
                        .as("%s up to %d", text, max)
                        .isEqualTo(valid);
            }
        }
    }
}
