package org.scout4j.grammar.machine;

import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.TokenSet;

/**
 * The tokens that can follow a state. Inside strings most of them are known beforehand; everything
 * else is a walk over the vocabulary's tree beside the machine. For one thread at a time.
 */
final class MaskBuilder {
    /** A character that patterns rarely single out. */
    private static final int ORDINARY = 0x4E00;

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

    /** Sets the tokens after which something can still complete the answer. */
    void mask(int state, TokenSet allowed) {
        allowed.clear();
        long[] words = allowed.words();
        Stack[] stacks = machine.stacks(state);
        if (!slices || !wholeTexts(stacks)) {
            walk(vocabulary.all(), state, words);
            return;
        }
        boolean filled = false;
        for (Stack stack : stacks) {
            TextFrame text = (TextFrame) stack.frame;
            if (text.kind().texts().open(text.state())) {
                openText(stack, text, words);
                filled = true;
            }
        }
        Stack first = filled ? null : firstNearlyOpen(stacks);
        if (first != null) {
            nearlyOpen(first, (TextFrame) first.frame, words);
        }
        for (Stack stack : stacks) {
            TextFrame text = (TextFrame) stack.frame;
            if (stack != first && !text.kind().texts().open(text.state())) {
                walk(vocabulary.all(), machine.stateOf(stack), words);
            }
        }
    }

    private static @Nullable Stack firstNearlyOpen(Stack[] stacks) {
        for (Stack stack : stacks) {
            if (nearlyOpen((TextFrame) stack.frame)) {
                return stack;
            }
        }
        return null;
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

    /** A text of which everything is allowed, up to some length. */
    private void openText(Stack stack, TextFrame text, long[] words) {
        TextKind kind = text.kind();
        StringSlices slice = vocabulary.slices(kind.form());
        int room = kind.unbounded() ? Integer.MAX_VALUE : kind.max() - text.length();
        add(slice.inside(room), words);
        if (!kind.texts().universal(text.state())) {
            walk(slice.endingTokens(), machine.stateOf(stack), words);
            return;
        }
        int missing = Math.max(0, kind.min() - text.length());
        TextFrame longEnough =
                new TextFrame(kind, text.state(), Math.max(text.length(), kind.min()), 0);
        int ended =
                machine.next(machine.stateOf(machine.pool().of(longEnough, stack.below())), '"');
        if (ended < 0) {
            return;
        }
        TokenTrie trie = slice.afterQuote();
        path[0] = ended;
        ending(slice, trie, 0, missing, room, words);
        for (int node = 1; node < trie.nodes(); ) {
            int depth = trie.depth[node];
            int to = machine.next(path[depth - 1], trie.last[node] & 0xFF);
            if (to < 0) {
                node = trie.end[node];
            } else {
                path[depth] = to;
                ending(slice, trie, node, missing, room, words);
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
    private static boolean nearlyOpen(TextFrame text) {
        if (!text.kind().unbounded()) {
            return false;
        }
        int next = text.kind().texts().next(text.state(), ORDINARY);
        return next != Texts.DEAD && text.kind().texts().open(next);
    }

    /** Begins with everything and removes what the exceptions do not allow. */
    private void nearlyOpen(Stack stack, TextFrame text, long[] words) {
        StringSlices slice = vocabulary.slices(text.kind().form());
        add(slice.inside(Integer.MAX_VALUE), words);
        TokenTrie trie = slice.insideTokens();
        path[0] = machine.stateOf(stack);
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
        walk(slice.endingTokens(), path[0], words);
    }
}
