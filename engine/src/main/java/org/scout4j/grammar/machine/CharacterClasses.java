package org.scout4j.grammar.machine;

/**
 * Characters in 63 classes, one bit each, to tell fast that all tokens below a node of the tree are
 * made of characters after which a text stays in its state.
 */
final class CharacterClasses {
    private static final String ALONE = " -_./:@,";
    private static final int CAPITALS = 26;
    private static final int DIGITS = 52;
    private static final int FIRST_ALONE = 53;
    private static final int OTHER_ASCII = FIRST_ALONE + 8;
    private static final int BEYOND_ASCII = OTHER_ASCII + 1;

    /** Bit of what no text stays in its state after; the highest. */
    private static final long NONE = 1L << 63;

    private CharacterClasses() {}

    private static long ofByte(int value) {
        if (value >= 'a' && value <= 'z') {
            return 1L << value - 'a';
        }
        if (value >= 'A' && value <= 'Z') {
            return 1L << CAPITALS + value - 'A';
        }
        if (value >= '0' && value <= '9') {
            return 1L << DIGITS;
        }
        int alone = ALONE.indexOf(value);
        if (alone >= 0) {
            return 1L << FIRST_ALONE + alone;
        }
        if (value >= 0x80) {
            return 1L << BEYOND_ASCII;
        }
        return value < 0x20 || value == '\\' || value == '"' || value == 0x7F
                ? NONE
                : 1L << OTHER_ASCII;
    }

    /** By node: the classes of all bytes below it. */
    static long[] below(TokenTrie trie) {
        long[] below = new long[trie.nodes()];
        long[] level = new long[trie.deepest() + 2];
        for (int node = trie.nodes() - 1; node >= 0; node--) {
            int depth = trie.depth[node];
            below[node] = level[depth + 1];
            level[depth + 1] = 0;
            if (node > 0) {
                level[depth] |= below[node] | ofByte(trie.last[node] & 0xFF);
            }
        }
        return below;
    }

    /** The classes after which an automaton stays in a state. */
    static long loops(Texts texts, int state) {
        long loops = ~NONE;
        for (int c = 0x20; c <= 0x7E; c++) {
            if (texts.next(state, c) != state) {
                loops &= ~ofByte(c);
            }
        }
        boolean beyond =
                texts.only(state, 0x80, Character.MIN_SURROGATE - 1) == state
                        && texts.only(state, Character.MAX_SURROGATE + 1, Character.MAX_CODE_POINT)
                                == state;
        return beyond ? loops : loops & ~(1L << BEYOND_ASCII);
    }
}
