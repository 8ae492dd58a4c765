package org.scout4j.grammar.machine;

import java.util.Arrays;
import java.util.List;
import org.scout4j.grammar.regex.TextDfa;

/**
 * What each token does inside a string of which everything is allowed, worked out once for a
 * vocabulary: it stays inside, ends the string, or is not possible. Immutable.
 */
final class StringSlices {
    /** A set of tokens whose number of characters is at most an index. */
    private final long[][] insideByLength;

    /** Tokens that stay inside. */
    private final TokenTrie inside;

    /** By node of the former: the classes of characters below it. */
    private final long[] classesBelow;

    /** By node of the former: bytes of the longest way down. */
    private final byte[] longestBelow;

    /** Tokens that end the string, whole. */
    private final TokenTrie ending;

    /** What these have after the closing quote; their tokens are indices into the next two. */
    private final TokenTrie afterQuote;

    private final int[] endingToken;
    private final int[] endingLength;

    /** Collects tokens by what they do. */
    private static final class Sorting {
        byte[][] keys = new byte[1024][];
        int[] tokens = new int[1024];
        int[] lengths = new int[1024];
        int count;

        void add(byte[] key, int token, int length) {
            if (count == tokens.length) {
                keys = Arrays.copyOf(keys, count * 2);
                tokens = Arrays.copyOf(tokens, count * 2);
                lengths = Arrays.copyOf(lengths, count * 2);
            }
            keys[count] = key;
            tokens[count] = token;
            lengths[count++] = length;
        }

        TokenTrie trie() {
            return new TokenTrie(Arrays.copyOf(keys, count), Arrays.copyOf(tokens, count));
        }
    }

    /**
     * @param keys the tokens' bytes in unsigned order
     * @param tokens the token of each
     * @param size of the vocabulary
     */
    StringSlices(byte[][] keys, int[] tokens, int size, TextKind.Form form) {
        Sorting staying = new Sorting();
        Sorting leaving = new Sorting();
        Reader reader = new Reader(form);
        int longest = 0;
        for (int index = 0; index < keys.length; index++) {
            int read = reader.read(keys[index]);
            if (read == keys[index].length && !reader.ended) {
                staying.add(keys[index], tokens[index], reader.length);
                longest = Math.max(longest, reader.length);
            } else if (reader.ended) {
                leaving.add(keys[index], tokens[index], reader.length);
            }
        }
        inside = staying.trie();
        classesBelow = CharacterClasses.below(inside);
        longestBelow = longestBelow(inside);
        ending = leaving.trie();
        insideByLength = new long[longest + 1][(size + 63) >>> 6];
        for (int index = 0; index < staying.count; index++) {
            int token = staying.tokens[index];
            insideByLength[staying.lengths[index]][token >>> 6] |= 1L << token;
        }
        for (int length = 1; length <= longest; length++) {
            for (int word = 0; word < insideByLength[length].length; word++) {
                insideByLength[length][word] |= insideByLength[length - 1][word];
            }
        }
        afterQuote = suffixes(leaving, reader);
        endingToken = Arrays.copyOf(leaving.tokens, leaving.count);
        endingLength = Arrays.copyOf(leaving.lengths, leaving.count);
    }

    private static byte[] longestBelow(TokenTrie trie) {
        byte[] longest = new byte[trie.nodes()];
        for (int node = trie.nodes() - 1; node > 0; node--) {
            for (int child = node + 1; child < trie.end[node]; child = trie.end[child]) {
                longest[node] = (byte) Math.max(longest[node], Math.min(longest[child] + 1, 127));
            }
        }
        return longest;
    }

    private static TokenTrie suffixes(Sorting leaving, Reader reader) {
        byte[][] suffix = new byte[leaving.count][];
        Integer[] order = new Integer[leaving.count];
        for (int index = 0; index < leaving.count; index++) {
            byte[] key = leaving.keys[index];
            suffix[index] = Arrays.copyOfRange(key, reader.read(key), key.length);
            order[index] = index;
        }
        Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(suffix[a], suffix[b]));
        byte[][] sorted = new byte[order.length][];
        int[] numbers = new int[order.length];
        for (int index = 0; index < order.length; index++) {
            sorted[index] = suffix[order[index]];
            numbers[index] = order[index];
        }
        return new TokenTrie(sorted, numbers);
    }

    /** Reads bytes as the inside of a string. */
    private static final class Reader {
        private final StackPool pool = new StackPool();
        private final Stack begin;
        boolean ended;
        int length;

        Reader(TextKind.Form form) {
            // The least length makes the frame count; it ends nothing, as quotes are seen here.
            TextKind all =
                    new TextKind(
                            new DfaTexts(TextDfa.any()), form, Short.MAX_VALUE, Integer.MAX_VALUE);
            begin = pool.of(all.begin(), pool.bottom());
        }

        /** How many bytes were read until the string ended, the quote included, or nothing fits. */
        int read(byte[] bytes) {
            ended = false;
            Stack at = begin;
            for (int index = 0; index < bytes.length; index++) {
                TextFrame text = (TextFrame) at.frame;
                length = text.length();
                if (bytes[index] == '"' && text.whole()) {
                    ended = true;
                    return index + 1;
                }
                pool.clear();
                at.frame.step(bytes[index] & 0xFF, at.below(), pool);
                if (pool.emittedCount() == 0) {
                    return index;
                }
                at = pool.emitted(0);
            }
            length = ((TextFrame) at.frame).length();
            return bytes.length;
        }
    }

    /** The two forms of strings. */
    static List<StringSlices> both(byte[][] keys, int[] tokens, int size) {
        return List.of(
                new StringSlices(keys, tokens, size, TextKind.Form.JSON),
                new StringSlices(keys, tokens, size, TextKind.Form.PYTHON));
    }

    /** Tokens that stay inside and begin at most so many characters; not to be changed. */
    long[] inside(int characters) {
        return insideByLength[Math.min(characters, insideByLength.length - 1)];
    }

    /** Most characters of a token that stays inside. */
    int longest() {
        return insideByLength.length - 1;
    }

    TokenTrie insideTokens() {
        return inside;
    }

    /** Classes of the characters that tokens have below a node of {@link #insideTokens}. */
    long classesBelow(int node) {
        return classesBelow[node];
    }

    /** Most characters that tokens have below a node; {@link Integer#MAX_VALUE} if very many. */
    int longestBelow(int node) {
        return longestBelow[node] == 127 ? Integer.MAX_VALUE : longestBelow[node];
    }

    TokenTrie endingTokens() {
        return ending;
    }

    /** The rest of the ending tokens, after the quote; its tokens are numbers of them. */
    TokenTrie afterQuote() {
        return afterQuote;
    }

    int endingToken(int number) {
        return endingToken[number];
    }

    /** Characters before the quote. */
    int endingLength(int number) {
        return endingLength[number];
    }
}
