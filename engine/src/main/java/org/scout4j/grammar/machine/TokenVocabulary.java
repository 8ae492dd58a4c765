package org.scout4j.grammar.machine;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.scout4j.tokenizer.Tokenizer;

/**
 * A tokenizer's tokens as trees over their bytes. Made once for a tokenizer (Llama 4: some 0.5 s
 * and 20 MB); immutable and thread-safe.
 */
public final class TokenVocabulary {
    private final int size;
    private final int[] ids;
    private final byte[][] bytesById;
    private final TokenTrie all;
    private final StringSlices json;
    private final StringSlices python;

    private TokenVocabulary(int size, int[] ids, byte[][] bytesById) {
        this.size = size;
        this.ids = ids;
        this.bytesById = bytesById;
        byte[][] keys = new byte[ids.length][];
        for (int index = 0; index < ids.length; index++) {
            keys[index] = bytesById[ids[index]];
        }
        this.all = new TokenTrie(keys, ids);
        List<StringSlices> slices = StringSlices.both(keys, ids, size);
        this.json = slices.get(0);
        this.python = slices.get(1);
    }

    /**
     * The tokens that may be part of an answer: all but special ones, those without bytes and those
     * named here.
     *
     * @param neverChosen ids that are never in a mask, e.g. unused ones
     */
    public static TokenVocabulary of(Tokenizer tokenizer, Set<Integer> neverChosen) {
        int size = tokenizer.vocabularySize();
        byte[][] bytes = new byte[size][];
        long[] order = new long[size];
        int count = 0;
        for (int token = 0; token < size; token++) {
            bytes[token] = new byte[0];
            if (!tokenizer.special().contains(token) && !neverChosen.contains(token)) {
                bytes[token] = tokenizer.bytes(token);
                if (bytes[token].length > 0) {
                    order[count++] = token;
                }
            }
        }
        Integer[] sorted = new Integer[count];
        for (int index = 0; index < count; index++) {
            sorted[index] = (int) order[index];
        }
        Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]));
        int[] ids = new int[count];
        for (int index = 0; index < count; index++) {
            ids[index] = sorted[index];
        }
        return new TokenVocabulary(size, ids, bytes);
    }

    /** Number of token ids, those that are never chosen included. */
    public int size() {
        return size;
    }

    /** Number of tokens that may be part of an answer. */
    public int usable() {
        return ids.length;
    }

    /** The token's bytes; none if it is never chosen. Not to be changed. */
    byte[] bytes(int token) {
        return bytesById[token];
    }

    /**
     * Tokens whose bytes make up a text, the longest at each place.
     *
     * @throws IllegalArgumentException if a byte of it begins no token
     */
    int[] tokens(byte[] text) {
        int[] tokens = new int[text.length];
        int count = 0;
        for (int at = 0; at < text.length; ) {
            int token = all.longest(text, at);
            if (token < 0) {
                throw new IllegalArgumentException(
                        "no token begins with byte " + (text[at] & 0xFF));
            }
            tokens[count++] = token;
            at += bytesById[token].length;
        }
        return Arrays.copyOf(tokens, count);
    }

    TokenTrie all() {
        return all;
    }

    /** What tokens do inside strings. */
    StringSlices slices(TextKind.Form form) {
        return form == TextKind.Form.PYTHON ? python : json;
    }
}
