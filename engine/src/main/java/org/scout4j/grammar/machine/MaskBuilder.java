package org.scout4j.grammar.machine;

import org.scout4j.grammar.TokenSet;

/**
 * The tokens that can follow a state. Inside strings most of them are known beforehand; everything
 * else is a walk over the vocabulary's tree beside the machine. For one thread at a time.
 */
final class MaskBuilder {
    /** A character that patterns rarely single out. */
    private static final int ORDINARY = 0x4E00;

    /** Nodes in a part of the tree for which it pays to ask whether all of it is allowed. */
    private static final int WORTH_ASKING = 8;

    private final Machine machine;
    private final TokenVocabulary vocabulary;
    private final boolean slices;
    private final int[] path;

    /**
     * @param slices whether to use what is known beforehand; masks are the same without
     */
    MaskBuilder(Machine machine, TokenVocabulary vocabulary, boolean slices) {
        this.machine = machine;
        this.vocabulary = vocabulary;
        this.slices = slices;
        this.path = new int[vocabulary.all().deepest() + 1];
    }

    /** A state with the same mask; the same one for many, where it can be told. */
    int alike(int state) {
        Stack[] stacks = machine.stacks(state);
        TextFrame text = stacks.length == 1 ? Machine.wholeText(stacks[0]) : null;
        if (text == null
                || !(text.kind().texts() instanceof BoundedTexts texts)
                || !texts.roomFor(vocabulary.all().deepest(), text.state())) {
            return state;
        }
        TextFrame first = new TextFrame(text.kind(), texts.inside(text.state()), 0, 0);
        return machine.stateOf(machine.pool().of(first, stacks[0].below()));
    }

    /** Sets the tokens after which something can still complete the answer. */
    void mask(int state, TokenSet allowed) {
        allowed.clear();
        long[] words = allowed.words();
        Stack[] stacks = machine.stacks(state);
        if (!slices || !wholeTexts(stacks)) {
            walk(vocabulary.all(), state, words);
            return;
        }
        if (machine.openText(state)) {
            add(slices(stacks).inside(Integer.MAX_VALUE), words);
            if (allAlike(stacks)) {
                ending(machine.next(state, '"'), slices(stacks), 0, Integer.MAX_VALUE, words);
            } else {
                walk(slices(stacks).endingTokens(), state, words);
            }
        } else if (nearlyOpen(stacks)) {
            nearlyOpen(state, slices(stacks), words);
        } else if (anyBounded(stacks)) {
            for (Stack stack : stacks) {
                TextFrame text = (TextFrame) stack.frame;
                if (text.kind().texts().universal(text.state())) {
                    bounded(stack, text, words);
                } else {
                    walkText(machine.stateOf(stack), slices(stacks), words);
                }
            }
        } else {
            walkText(state, slices(stacks), words);
        }
    }

    private static boolean anyBounded(Stack[] stacks) {
        for (Stack stack : stacks) {
            TextFrame text = (TextFrame) stack.frame;
            if (text.kind().texts().universal(text.state())) {
                return true;
            }
        }
        return false;
    }

    /** Adds all tokens that can be read inside a text; many at once where it stays as it is. */
    private void walkText(int from, StringSlices slice, long[] words) {
        TokenTrie trie = slice.insideTokens();
        path[0] = from;
        int nodes = trie.nodes();
        for (int node = 1; node < nodes; ) {
            int depth = trie.depth[node];
            int to = machine.next(path[depth - 1], trie.last[node] & 0xFF);
            int after = trie.end[node];
            if (to < 0) {
                node = after;
                continue;
            }
            boolean all = after - node > WORTH_ASKING && stays(slice.classesBelow(node), to);
            int end = all ? trie.firstToken[after] : trie.ownEnd(node);
            for (int at = trie.firstToken[node]; at < end; at++) {
                int token = trie.tokens[at];
                words[token >>> 6] |= 1L << token;
            }
            path[depth] = to;
            node = all ? after : node + 1;
        }
        walk(slice.endingTokens(), from, words);
    }

    /** Whether a text stays as it is; inside a character nothing is known. */
    private boolean stays(long classes, int state) {
        long loops = machine.loops(state);
        return loops != 0 && (classes & ~loops) == 0;
    }

    private StringSlices slices(Stack[] stacks) {
        return vocabulary.slices(((TextFrame) stacks[0].frame).kind().form());
    }

    /** Whether all readings are inside texts that may end anywhere and lead to the same then. */
    private static boolean allAlike(Stack[] stacks) {
        for (Stack stack : stacks) {
            TextFrame text = (TextFrame) stack.frame;
            if (!text.kind().unbounded()
                    || text.length() < text.kind().min()
                    || !text.kind().texts().universal(text.state())) {
                return false;
            }
        }
        return true;
    }

    private static boolean wholeTexts(Stack[] stacks) {
        for (Stack stack : stacks) {
            if (Machine.wholeText(stack) == null) {
                return false;
            }
        }
        return true;
    }

    /** Adds all tokens that the machine can read. */
    private void walk(TokenTrie trie, int from, long[] words) {
        path[0] = from;
        int nodes = trie.nodes();
        for (int node = 1; node < nodes; ) {
            int depth = trie.depth[node];
            int to = machine.next(path[depth - 1], trie.last[node] & 0xFF);
            if (to < 0) {
                node = trie.end[node];
                continue;
            }
            path[depth] = to;
            int end = trie.ownEnd(node);
            for (int at = trie.firstToken[node]; at < end; at++) {
                int token = trie.tokens[at];
                words[token >>> 6] |= 1L << token;
            }
            node++;
        }
    }

    /** A text of which everything is allowed, up to some length or from some length on. */
    private void bounded(Stack stack, TextFrame text, long[] words) {
        TextKind kind = text.kind();
        StringSlices slice = vocabulary.slices(kind.form());
        int room = kind.max() - text.length();
        add(slice.inside(room), words);
        int missing = Math.max(0, kind.min() - text.length());
        TextFrame longEnough =
                new TextFrame(kind, text.state(), Math.max(text.length(), kind.min()), 0);
        Stack ending = machine.pool().of(longEnough, stack.below());
        ending(machine.next(machine.stateOf(ending), '"'), slice, missing, room, words);
    }

    /** Adds tokens that end a text after some characters, and what they go on with. */
    private void ending(int ended, StringSlices slice, int least, int most, long[] words) {
        if (ended < 0) {
            return;
        }
        TokenTrie trie = slice.afterQuote();
        path[0] = ended;
        ending(slice, trie, 0, least, most, words);
        for (int node = 1; node < trie.nodes(); ) {
            int depth = trie.depth[node];
            int to = machine.next(path[depth - 1], trie.last[node] & 0xFF);
            if (to < 0) {
                node = trie.end[node];
            } else {
                path[depth] = to;
                ending(slice, trie, node, least, most, words);
                node++;
            }
        }
    }

    private static void add(long[] more, long[] words) {
        for (int word = 0; word < words.length; word++) {
            words[word] |= more[word];
        }
    }

    private static void ending(
            StringSlices slice, TokenTrie trie, int node, int least, int most, long[] words) {
        int end = trie.ownEnd(node);
        for (int at = trie.firstToken[node]; at < end; at++) {
            int number = trie.tokens[at];
            int length = slice.endingLength(number);
            if (length >= least && length <= most) {
                int token = slice.endingToken(number);
                words[token >>> 6] |= 1L << token;
            }
        }
    }

    /** Whether nearly every character leads to where everything is allowed. */
    private static boolean nearlyOpen(Stack[] stacks) {
        for (Stack stack : stacks) {
            TextFrame text = (TextFrame) stack.frame;
            if (text.kind().unbounded()) {
                int next = text.kind().texts().next(text.state(), ORDINARY);
                if (next != Texts.DEAD && text.kind().texts().open(next)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Begins with everything and removes what the exceptions do not allow. */
    private void nearlyOpen(int state, StringSlices slice, long[] words) {
        add(slice.inside(Integer.MAX_VALUE), words);
        TokenTrie trie = slice.insideTokens();
        path[0] = state;
        int nodes = trie.nodes();
        for (int node = 1; node < nodes; ) {
            int depth = trie.depth[node];
            int to = machine.next(path[depth - 1], trie.last[node] & 0xFF);
            if (to < 0) {
                int end = trie.firstToken[trie.end[node]];
                for (int at = trie.firstToken[node]; at < end; at++) {
                    int token = trie.tokens[at];
                    words[token >>> 6] &= ~(1L << token);
                }
                node = trie.end[node];
            } else if (machine.openText(to)) {
                node = trie.end[node];
            } else {
                path[depth] = to;
                node++;
            }
        }
        walk(slice.endingTokens(), state, words);
    }
}
