package org.scout4j.grammar.machine;

import java.util.Arrays;

/**
 * Byte strings of tokens as a tree in flat arrays, parents before children, children by byte. Node
 * 0 is the root. A node's tokens, and those of everything below it, lie side by side. Immutable.
 */
final class TokenTrie {
    /** By node: its last byte, how deep it is, the node after everything below it. */
    final byte[] last;

    final short[] depth;
    final int[] end;

    /** Its own tokens start here in {@link #tokens}; those below follow until {@code end}'s. */
    final int[] firstToken;

    final int[] tokens;
    private final int nodes;
    private final int deepest;

    /**
     * @param keys byte strings in unsigned order; equal ones may repeat
     * @param tokens the token of each
     */
    TokenTrie(byte[][] keys, int[] tokens) {
        this.tokens = tokens;
        int[] firstAt = new int[longest(keys) + 1];
        int bound = 1;
        for (int key = 0; key < keys.length; key++) {
            bound += keys[key].length - (key == 0 ? 0 : shared(keys[key - 1], keys[key]));
        }
        last = new byte[bound];
        depth = new short[bound];
        end = new int[bound];
        firstToken = new int[bound + 1];
        int made = 1;
        int at = 0;
        byte[] before = {};
        for (int key = 0; key < keys.length; key++) {
            byte[] bytes = keys[key];
            int shared = shared(before, bytes);
            for (int level = shared + 1; level <= at; level++) {
                end[firstAt[level]] = made;
            }
            for (int level = shared + 1; level <= bytes.length; level++) {
                last[made] = bytes[level - 1];
                depth[made] = (short) level;
                firstToken[made] = key;
                firstAt[level] = made++;
            }
            at = bytes.length;
            before = bytes;
        }
        for (int level = 0; level <= at; level++) {
            end[firstAt[level]] = made;
        }
        firstToken[made] = keys.length;
        nodes = made;
        deepest = firstAt.length - 1;
    }

    private static int longest(byte[][] keys) {
        int longest = 0;
        for (byte[] key : keys) {
            longest = Math.max(longest, key.length);
        }
        return longest;
    }

    private static int shared(byte[] one, byte[] two) {
        int mismatch = Arrays.mismatch(one, two);
        return mismatch < 0 ? one.length : mismatch;
    }

    /** The token with the longest string that stands at a place of a text; −1 if there is none. */
    int longest(byte[] text, int from) {
        int found = -1;
        int node = 0;
        for (int at = from; at < text.length; at++) {
            int child = node + 1;
            while (child < end[node] && last[child] != text[at]) {
                child = end[child];
            }
            if (child >= end[node]) {
                break;
            }
            node = child;
            if (firstToken[node] < firstToken[node + 1]) {
                found = tokens[firstToken[node]];
            }
        }
        return found;
    }

    int nodes() {
        return nodes;
    }

    /** Bytes of the longest string. */
    int deepest() {
        return deepest;
    }

    /** Number of the first token after a node's own. */
    int ownEnd(int node) {
        return firstToken[node + 1];
    }
}
