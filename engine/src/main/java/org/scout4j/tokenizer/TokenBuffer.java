package org.scout4j.tokenizer;

import java.util.Arrays;

/** A growing list of token ids. */
final class TokenBuffer {
    private int[] tokens;
    private int size;

    TokenBuffer(int expected) {
        tokens = new int[Math.max(expected, 16)];
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.addExact(size, Math.max(size >> 1, 1)));
        }
        tokens[size++] = token;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
