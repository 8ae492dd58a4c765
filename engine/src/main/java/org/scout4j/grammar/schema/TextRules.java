package org.scout4j.grammar.schema;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.DfaAlgebra;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;

/** What is said about strings. */
final class TextRules implements Rules {
    private static final int UNBOUNDED = Alternative.UNBOUNDED;

    /** Most states for which a largest length is made part of the automaton. */
    private static final int MOST_COUNTED = 1000;

    /** The rules as a value, to find what they come to a second time. */
    record Key(
            @Nullable Set<String> words,
            Set<String> notWords,
            Set<TextDfa> in,
            Set<TextDfa> notIn,
            int min,
            int max) {}

    private @Nullable Set<String> words;
    private Set<String> notWords = Set.of();
    private Set<TextDfa> in = Set.of();
    private Set<TextDfa> notIn = Set.of();
    private int min;
    private int max = UNBOUNDED;
    private final Changes changes = new Changes();

    @Override
    public boolean add(Form form) {
        switch ((Form.OfString) form) {
            case Form.TextLength f -> {
                if (f.min() > min || f.max() < max) {
                    min = Math.max(min, f.min());
                    max = Math.min(max, f.max());
                    changes.note();
                }
            }
            case Form.TextIn f -> {
                if (f.wanted()) {
                    in = changes.with(in, Set.of(f.texts()));
                } else {
                    notIn = changes.with(notIn, Set.of(f.texts()));
                }
            }
            case Form.Words f -> words(f);
        }
        return min <= max && (words == null || !words.isEmpty());
    }

    private void words(Form.Words form) {
        Set<String> before = words;
        if (!form.wanted()) {
            notWords = changes.with(notWords, form.words());
        } else if (before == null) {
            words = form.words();
            changes.note();
        } else {
            Set<String> both = new LinkedHashSet<>(before);
            if (both.retainAll(form.words())) {
                words = both;
                changes.note();
            }
        }
    }

    @Override
    public int changes() {
        return changes.count();
    }

    @Override
    public TextRules copy() {
        TextRules copy = new TextRules();
        copy.words = words;
        copy.notWords = notWords;
        copy.in = in;
        copy.notIn = notIn;
        copy.min = min;
        copy.max = max;
        copy.changes.goOnFrom(changes);
        return copy;
    }

    Key key() {
        return new Key(words, notWords, in, notIn, min, max);
    }

    /** The words, if the rules list them; without those that are ruled out. */
    static @Nullable Set<String> listed(Key key) {
        if (key.words == null) {
            return null;
        }
        Set<String> left = new LinkedHashSet<>();
        for (String word : key.words) {
            if (holds(key, word)) {
                left.add(word);
            }
        }
        return left;
    }

    private static boolean holds(Key key, String word) {
        int length = word.codePointCount(0, word.length());
        if (length < key.min || length > key.max || key.notWords.contains(word)) {
            return false;
        }
        for (TextDfa texts : key.in) {
            if (!texts.contains(word)) {
                return false;
            }
        }
        for (TextDfa texts : key.notIn) {
            if (texts.contains(word)) {
                return false;
            }
        }
        return true;
    }

    /** The texts that satisfy all rules but the bounds of length, which are left to the caller. */
    private static TextDfa described(Key key, CompileBudget budget) {
        TextDfa texts = TextDfa.any();
        for (TextDfa more : key.in) {
            texts = DfaAlgebra.and(texts, more, budget);
        }
        for (TextDfa less : key.notIn) {
            texts = DfaAlgebra.minus(texts, less, budget);
        }
        return key.notWords.isEmpty()
                ? texts
                : DfaAlgebra.minus(texts, TextDfa.ofWords(key.notWords), budget);
    }

    /** The texts that satisfy all rules. */
    static TextDfa texts(Key key, CompileBudget budget) {
        Set<String> listed = listed(key);
        if (listed != null) {
            return listed.isEmpty() ? TextDfa.none() : TextDfa.ofWords(listed);
        }
        return DfaAlgebra.withLength(described(key, budget), key.min, key.max, budget);
    }

    /** The strings that satisfy all rules; null if there are none. */
    static Alternative.@Nullable Strings strings(Key key, CompileBudget budget) {
        if (key.words == null
                && key.notWords.isEmpty()
                && key.in.isEmpty()
                && key.notIn.isEmpty()) {
            return new Alternative.Strings(TextDfa.any(), key.min, key.max);
        }
        if (key.words == null) {
            TextDfa whole = described(key, budget);
            if (key.max < whole.longestLength() && (long) whole.states() * key.max > MOST_COUNTED) {
                TextDfa longer = DfaAlgebra.withLength(whole, key.min, UNBOUNDED, budget);
                if (longer.isEmpty() || longer.shortestLength() > key.max) {
                    return null;
                }
                if ((key.max + 1L) * longer.states() <= Integer.MAX_VALUE) {
                    return new Alternative.Strings(longer, 0, key.max);
                }
            }
            TextDfa texts = DfaAlgebra.withLength(whole, key.min, key.max, budget);
            return texts.isEmpty() ? null : new Alternative.Strings(texts, 0, UNBOUNDED);
        }
        TextDfa texts = texts(key, budget);
        return texts.isEmpty() ? null : new Alternative.Strings(texts, 0, UNBOUNDED);
    }
}
