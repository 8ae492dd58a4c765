package org.scout4j.tokenizer;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** Finds the texts that stand for a token as they are: those of control and user-defined tokens. */
final class LiteralMatcher {
    // In the order of the texts, as code points, and beside each its token.
    private final int[][] texts;
    private final int[] tokens;
    private final int[] firsts;

    LiteralMatcher(Vocabulary vocabulary) {
        SortedMap<int[], Integer> literals = new TreeMap<>(Arrays::compare);
        for (int id = 0; id < vocabulary.size(); id++) {
            switch (vocabulary.kind(id)) {
                case CONTROL, USER_DEFINED ->
                        literals.put(vocabulary.text(id).codePoints().toArray(), id);
                case NORMAL, UNUSED -> {}
            }
        }
        texts = literals.keySet().toArray(int[][]::new);
        tokens = literals.values().stream().mapToInt(Integer::intValue).toArray();
        firsts = Arrays.stream(texts).mapToInt(text -> text[0]).distinct().toArray();
    }

    /** A literal in a text; {@code token} is -1 when there is none. */
    record Match(int token, int length) {
        static final Match NONE = new Match(-1, 0);
    }

    /** The longest literal at {@code from}, before {@code to}, whose token is allowed. */
    Match longest(int[] text, int from, int to, IntPredicate allowed) {
        if (Arrays.binarySearch(firsts, text[from]) < 0) {
            return Match.NONE;
        }
        Match match = Match.NONE;
        int low = 0;
        int high = texts.length;
        for (int depth = 0; from + depth < to && low < high; depth++) {
            // From low to high are the literals that begin with the text up to here.
            int codePoint = text[from + depth];
            low = firstNotBelow(low, high, depth, codePoint);
            high = firstNotBelow(low, high, depth, codePoint + 1);
            if (low < high && texts[low].length == depth + 1) {
                if (allowed.test(tokens[low])) {
                    match = new Match(tokens[low], depth + 1);
                }
                low++;
            }
        }
        return match;
    }

    private int firstNotBelow(int low, int high, int depth, int codePoint) {
        int from = low;
        int to = high;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (texts[middle][depth] < codePoint) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
