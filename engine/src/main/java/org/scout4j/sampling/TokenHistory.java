package org.scout4j.sampling;

import java.util.Arrays;
import java.util.Objects;

/**
 * The tokens of one sequence, prompt and answer, and for penalties which ones occurred and how
 * often in the answer. Appending takes constant time; the storage grows with the tokens that occur,
 * not with the vocabulary.
 */
public final class TokenHistory {
    private static final int LEAST_SLOTS = 64;

    private int[] tokens;
    private final int promptLength;
    private int length;

    private final boolean counting;

    /** Distinct tokens in order of their first occurrence, and their counts in the answer. */
    private int[] distinctTokens = new int[LEAST_SLOTS / 2];

    private int[] answerCounts = new int[LEAST_SLOTS / 2];
    private int distinct;

    /** Hash table with linear probing: index into the above + 1; 0 = empty. At most half full. */
    private int[] slots = new int[LEAST_SLOTS];

    private TokenHistory(int[] prompt, boolean counting) {
        this.tokens = prompt.clone();
        this.promptLength = prompt.length;
        this.length = prompt.length;
        this.counting = counting;
        if (counting) {
            for (int token : prompt) {
                indexOf(token);
            }
        }
    }

    /** A history that only remembers the tokens. */
    public static TokenHistory of(int[] prompt) {
        return new TokenHistory(prompt, false);
    }

    /** A history that also counts, for penalties; takes time in proportion to the prompt. */
    public static TokenHistory counting(int[] prompt) {
        return new TokenHistory(prompt, true);
    }

    /** Tokens in the prompt. */
    public int promptLength() {
        return promptLength;
    }

    /** Tokens in the answer so far. */
    public int answerLength() {
        return length - promptLength;
    }

    /** Tokens in prompt and answer. */
    public int length() {
        return length;
    }

    /** The token at a position, counted from the start of the prompt. */
    public int token(int position) {
        return tokens[Objects.checkIndex(position, length)];
    }

    /**
     * All tokens, prompt and answer, valid up to {@link #length} and until the next append; not to
     * be changed.
     */
    public int[] tokens() {
        return tokens;
    }

    /** Adds a token to the answer. */
    public void append(int token) {
        if (length == tokens.length) {
            // In proportion to the answer: a prompt may be millions of tokens long.
            int more = Math.max(LEAST_SLOTS, answerLength());
            tokens = Arrays.copyOf(tokens, Math.addExact(length, more));
        }
        tokens[length++] = token;
        if (counting) {
            int index = indexOf(token); // may replace the array of counts
            answerCounts[index]++;
        }
    }

    /** Number of distinct tokens; 0 if this history does not count. */
    int distinct() {
        return distinct;
    }

    /** A distinct token, in order of first occurrence. */
    int distinctToken(int index) {
        return distinctTokens[index];
    }

    /** How often a distinct token stands in the answer. */
    int answerCount(int index) {
        return answerCounts[index];
    }

    private int indexOf(int token) {
        int slot = slotOf(token);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (distinct == distinctTokens.length) {
            grow();
            slot = slotOf(token);
        }
        distinctTokens[distinct] = token;
        slots[slot] = ++distinct;
        return distinct - 1;
    }

    private int slotOf(int token) {
        int mask = slots.length - 1;
        int slot = ((token * 0x9E3779B9) >>> 7) & mask; // multiplicative hashing
        while (slots[slot] != 0 && distinctTokens[slots[slot] - 1] != token) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int capacity = Math.multiplyExact(2, distinctTokens.length);
        distinctTokens = Arrays.copyOf(distinctTokens, capacity);
        answerCounts = Arrays.copyOf(answerCounts, capacity);
        slots = new int[Math.multiplyExact(2, capacity)];
        for (int i = 0; i < distinct; i++) {
            slots[slotOf(distinctTokens[i])] = i + 1;
        }
    }
}
