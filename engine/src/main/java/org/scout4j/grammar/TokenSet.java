package org.scout4j.grammar;

import java.util.Arrays;

/** A set of token ids, one bit each; made once and filled anew for each token. */
public final class TokenSet {
    private final int size;
    private final long[] words;

    /** An empty set of ids below {@code size}. */
    public TokenSet(int size) {
        this.size = size;
        this.words = new long[(size + 63) >>> 6];
    }

    /** Number of ids that could be in it. */
    public int size() {
        return size;
    }

    public boolean contains(int token) {
        return (words[token >>> 6] >>> token & 1) != 0;
    }

    public void add(int token) {
        words[token >>> 6] |= 1L << token;
    }

    public void remove(int token) {
        words[token >>> 6] &= ~(1L << token);
    }

    public void clear() {
        Arrays.fill(words, 0);
    }

    /** Adds every id. */
    public void fill() {
        Arrays.fill(words, -1L);
        if ((size & 63) != 0) {
            words[words.length - 1] = (1L << size) - 1;
        }
    }

    /** Makes it equal to another of the same size. */
    public void copyFrom(TokenSet other) {
        System.arraycopy(other.words, 0, words, 0, words.length);
    }

    /** Adds all ids of another of the same size. */
    public void addAll(TokenSet other) {
        for (int word = 0; word < words.length; word++) {
            words[word] |= other.words[word];
        }
    }

    /** The smallest id in it that is at least {@code from}; −1 if there is none. */
    public int next(int from) {
        int word = from >>> 6;
        if (word >= words.length) {
            return -1;
        }
        long bits = words[word] & (-1L << from);
        while (bits == 0) {
            if (++word == words.length) {
                return -1;
            }
            bits = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** How many ids are in it. */
    public int count() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** 64 ids a word, the lowest id in the lowest bit; the array itself, not a copy. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public long[] words() {
        return words;
    }
}
