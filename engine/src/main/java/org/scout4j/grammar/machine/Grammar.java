package org.scout4j.grammar.machine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;

/**
 * A language over a vocabulary: gives each generation its constraint. Thread-safe; generations of
 * one grammar share what it has worked out, which is bounded (some 100 MB at worst).
 */
public final class Grammar {
    /** Most memory of masks that are kept, in bytes. */
    private static final long MOST_KEPT = 16L << 20;

    /** Masks of fewer tokens are kept as lists. */
    private static final int FEW = 1024;

    private final Machine machine;
    private final MaskBuilder builder;
    private final TokenVocabulary vocabulary;

    /** By state: a list of tokens or a bit set. */
    private final Map<Integer, Object> masks = new HashMap<>();

    private long kept;
    private int generation;

    private Grammar(Machine machine, TokenVocabulary vocabulary, boolean slices) {
        this.machine = machine;
        this.vocabulary = vocabulary;
        this.builder = new MaskBuilder(machine, vocabulary, slices);
    }

    /**
     * A grammar; automata are made while it is used.
     *
     * @throws GrammarRefused if no answer stays within the bounds of nesting
     */
    public static Grammar of(Language language, TokenVocabulary vocabulary) {
        return of(language, vocabulary, true);
    }

    /** As above; without slices it is slower and gives the same masks, which tests check. */
    static Grammar of(Language language, TokenVocabulary vocabulary, boolean slices) {
        return new Grammar(new Machine(Shapes.of(language)), vocabulary, slices);
    }

    /** The constraint of a new generation. */
    public TokenConstraint constraint() {
        return new GrammarConstraint(this, new ByteMatcher(machine));
    }

    /**
     * The constraint of a generation that goes on with a text.
     *
     * @param written UTF-8; may end within a character
     * @return empty if no answer begins like that
     */
    public Optional<TokenConstraint> constraintAfter(byte... written) {
        ByteMatcher at = new ByteMatcher(machine);
        return at.accept(written) ? Optional.of(new GrammarConstraint(this, at)) : Optional.empty();
    }

    /** A new reader of bytes. */
    public ByteMatcher matcher() {
        return new ByteMatcher(machine);
    }

    TokenVocabulary vocabulary() {
        return vocabulary;
    }

    /** Sets the tokens that may follow. */
    void mask(ByteMatcher at, TokenSet allowed) {
        synchronized (machine) {
            int state = builder.alike(at.state());
            if (generation != machine.generation() || kept > MOST_KEPT) {
                masks.clear();
                kept = 0;
                generation = machine.generation();
            }
            Object known = masks.get(state);
            if (known instanceof int[] tokens) {
                allowed.clear();
                for (int token : tokens) {
                    allowed.add(token);
                }
            } else if (known instanceof long[] words) {
                System.arraycopy(words, 0, allowed.words(), 0, words.length);
            } else {
                builder.mask(state, allowed);
                keep(state, allowed);
            }
        }
    }

    private void keep(int state, TokenSet allowed) {
        int count = allowed.count();
        if (count < FEW) {
            int[] tokens = new int[count];
            int token = -1;
            for (int index = 0; index < count; index++) {
                token = allowed.next(token + 1);
                tokens[index] = token;
            }
            masks.put(state, tokens);
            kept += 64 + 4L * count;
        } else {
            long[] words = allowed.words();
            masks.put(state, Arrays.copyOf(words, words.length));
            kept += 64 + 8L * words.length;
        }
    }
}
