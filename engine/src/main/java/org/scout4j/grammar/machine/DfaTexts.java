package org.scout4j.grammar.machine;

import org.scout4j.grammar.regex.TextDfa;

/** The texts of an automaton; after them what lies below goes on. */
record DfaTexts(TextDfa dfa) implements Texts {
    @Override
    public int start() {
        return dfa.start();
    }

    @Override
    public int next(int state, int codePoint) {
        return dfa.next(state, codePoint);
    }

    @Override
    public int sameUpTo(int state, int codePoint) {
        return sameUpTo(dfa, state, codePoint);
    }

    /** As {@link Texts#sameUpTo}, for any automaton. */
    static int sameUpTo(TextDfa dfa, int state, int codePoint) {
        int from = dfa.firstEdge(state);
        int to = dfa.firstEdge(state + 1);
        int end = to;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (dfa.high(middle) < codePoint) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        if (from == end) {
            return TextDfa.MAX_CODE_POINT;
        }
        return dfa.low(from) <= codePoint ? dfa.high(from) : dfa.low(from) - 1;
    }

    @Override
    public boolean accepts(int state) {
        return dfa.accepts(state);
    }

    @Override
    public boolean open(int state) {
        return dfa.total(state);
    }

    @Override
    public boolean universal(int state) {
        return dfa.universal(state);
    }

    @Override
    public String shortest(int state) {
        return shortest(dfa, state);
    }

    /** As {@link Texts#shortest}, for any automaton. */
    static String shortest(TextDfa dfa, int begin) {
        StringBuilder text = new StringBuilder();
        int state = begin;
        for (int left = dfa.shortestFrom(state); left > 0; left--) {
            int edge = dfa.firstEdge(state);
            while (dfa.shortestFrom(dfa.target(edge)) != left - 1) {
                edge++;
            }
            text.appendCodePoint(NameSets.readable(dfa.low(edge), dfa.high(edge)));
            state = dfa.target(edge);
        }
        return text.toString();
    }

    @Override
    public void leave(int state, Stack below, StackPool out) {
        out.emit(below);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DfaTexts texts && texts.dfa == dfa;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(dfa);
    }
}
