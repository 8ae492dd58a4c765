package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.List;

/** Reads texts out of automata. */
final class DfaTexts {
    private DfaTexts() {}

    static List<String> list(TextDfa dfa, int limit) {
        if (!dfa.isFinite()) {
            throw new IllegalStateException("an infinite set cannot be listed");
        }
        List<String> words = new ArrayList<>();
        if (!dfa.isEmpty()) {
            walk(dfa, limit, words);
        }
        return words;
    }

    /** Depth first; the stacks hold the edge taken at each depth and its code point. */
    private static void walk(TextDfa dfa, int limit, List<String> words) {
        StringBuilder text = new StringBuilder();
        Ints edges = new Ints(16);
        Ints points = new Ints(16);
        int state = dfa.start();
        while (true) {
            if (dfa.accepts(state)) {
                if (words.size() == limit) {
                    return;
                }
                words.add(text.toString());
            }
            int edge = dfa.firstEdge(state);
            int point = edge < dfa.firstEdge(state + 1) ? skipSurrogates(dfa.low(edge)) : -1;
            while (point < 0) {
                if (edges.size() == 0) {
                    return;
                }
                edge = edges.removeLast();
                int last = points.removeLast();
                text.setLength(text.length() - Character.charCount(last));
                int from =
                        edges.size() == 0 ? dfa.start() : dfa.target(edges.get(edges.size() - 1));
                point = skipSurrogates(last + 1);
                if (point > dfa.high(edge)) {
                    edge++;
                    point = edge < dfa.firstEdge(from + 1) ? skipSurrogates(dfa.low(edge)) : -1;
                }
            }
            edges.add(edge);
            points.add(point);
            text.appendCodePoint(point);
            state = dfa.target(edge);
        }
    }

    private static int skipSurrogates(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                ? Character.MAX_SURROGATE + 1
                : point;
    }

    static String example(TextDfa dfa) {
        if (dfa.isEmpty()) {
            throw new IllegalStateException("an empty set has no example");
        }
        StringBuilder text = new StringBuilder();
        int state = dfa.start();
        while (dfa.shortestFrom(state) > 0) {
            int best = -1;
            int bestPoint = 0;
            for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
                if (dfa.shortestFrom(dfa.target(edge)) == dfa.shortestFrom(state) - 1) {
                    int point = readable(dfa.low(edge), dfa.high(edge));
                    if (best < 0 || rank(point) < rank(bestPoint)) {
                        best = edge;
                        bestPoint = point;
                    }
                }
            }
            text.appendCodePoint(bestPoint);
            state = dfa.target(best);
        }
        return text.toString();
    }

    private static int readable(int low, int high) {
        for (int first : new int[] {'a', 'A', '0', ' '}) {
            int last = first == 'a' ? 'z' : first == 'A' ? 'Z' : first == '0' ? '9' : '~';
            int point = Math.max(low, first);
            if (point <= Math.min(high, last)) {
                return point;
            }
        }
        return skipSurrogates(low);
    }

    private static int rank(int point) {
        if (point < 128 && Character.isLetterOrDigit(point)) {
            return 0;
        }
        return point >= ' ' && point <= '~' ? 1 : 2;
    }
}
