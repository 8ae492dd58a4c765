package org.scout4j.grammar.machine;

/**
 * Characters in fewer than 63 classes, one bit each, to tell fast that all tokens below a node of
 * the tree are made of characters after which a text stays in its state. Letters are in classes as
 * patterns tell them apart; beyond ASCII a class is all that begins with one byte of UTF-8, as some
 * patterns leave out the few kinds of white space there.
 */
final class CharacterClasses {
    /** First bytes of UTF-8 that have white space behind them, and where their ranges begin. */
    private static final int[] LEADS = {0xC2, 0xE1, 0xE2, 0xE3, 0xEF};

    private static final int[] LOWS = {0x80, 0x1000, 0x2000, 0x3000, 0xF000};
    private static final int[] HIGHS = {0xBF, 0x1FFF, 0x2FFF, 0x3FFF, 0xFFFF};

    /** Everything else beyond ASCII. */
    private static final int[] OTHER_LOWS = {0xC0, 0x4000, 0xE000, 0x10000};

    private static final int[] OTHER_HIGHS = {0xFFF, 0xD7FF, 0xEFFF, 0x10FFFF};

    private static final int SYMBOLS = 5;
    private static final int FIRST_LEAD = 40;
    private static final int OTHERS = FIRST_LEAD + LEADS.length;

    /** Bit of what no text stays in its state after. */
    private static final long NONE = 1L << 62;

    private CharacterClasses() {}

    private static long ofByte(int value) {
        if (value >= 0x80) {
            return ofLead(value);
        }
        if (value >= 'a' && value <= 'z') {
            return value <= 'f' ? 1 : 1L << 1;
        }
        if (value >= 'A' && value <= 'Z') {
            return value <= 'F' ? 1L << 2 : 1L << 3;
        }
        if (value >= '0' && value <= '9') {
            return 1L << 4;
        }
        if (value < 0x20 || value == '\\' || value == '"' || value == 0x7F) {
            return NONE;
        }
        int letters = value > 'z' ? 62 : value > 'Z' ? 36 : value > '9' ? 10 : 0;
        return 1L << SYMBOLS + value - ' ' - letters;
    }

    /** Bytes that go on with a character are in no class. */
    private static long ofLead(int value) {
        for (int lead = 0; lead < LEADS.length; lead++) {
            if (LEADS[lead] == value) {
                return 1L << FIRST_LEAD + lead;
            }
        }
        return value < 0xC0 ? 0 : 1L << OTHERS;
    }

    /** By node: the classes of all characters that begin below it. */
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
        long loops = NONE - 1;
        for (int c = 0x20; c < 0x7F; c++) {
            if (texts.next(state, c) != state) {
                loops &= ~ofByte(c);
            }
        }
        for (int lead = 0; lead < LEADS.length; lead++) {
            if (texts.only(state, LOWS[lead], HIGHS[lead]) != state) {
                loops &= ~(1L << FIRST_LEAD + lead);
            }
        }
        for (int range = 0; range < OTHER_LOWS.length; range++) {
            if (texts.only(state, OTHER_LOWS[range], OTHER_HIGHS[range]) != state) {
                loops &= ~(1L << OTHERS);
            }
        }
        return loops;
    }
}
