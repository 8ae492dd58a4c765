package org.scout4j.grammar.regex;

import java.util.Arrays;

/** Which states of an automaton no text ever leads out of: each can go on with anything. */
final class TotalStates {
    private TotalStates() {}

    /** By state: whether every code point leads on to a state of this kind. */
    static boolean[] of(TextDfa dfa) {
        int states = dfa.states();
        boolean[] total = new boolean[states];
        Arrays.fill(total, true);
        Ints partial = new Ints(16);
        int[] before = new int[states + 1];
        for (int state = 0; state < states; state++) {
            if (!coversAll(dfa, state)) {
                total[state] = false;
                partial.add(state);
            }
            for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
                before[dfa.target(edge) + 1]++;
            }
        }
        if (partial.size() == states) {
            return total;
        }
        for (int state = 0; state < states; state++) {
            before[state + 1] += before[state];
        }
        int[] place = before.clone();
        int[] source = new int[before[states]];
        for (int state = 0; state < states; state++) {
            for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
                source[place[dfa.target(edge)]++] = state;
            }
        }
        for (int at = 0; at < partial.size(); at++) {
            int state = partial.get(at);
            for (int edge = before[state]; edge < before[state + 1]; edge++) {
                if (total[source[edge]]) {
                    total[source[edge]] = false;
                    partial.add(source[edge]);
                }
            }
        }
        return total;
    }

    private static boolean coversAll(TextDfa dfa, int state) {
        int from = 0;
        for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
            if (dfa.low(edge) > from && !onlySurrogates(from, dfa.low(edge) - 1)) {
                return false;
            }
            from = dfa.high(edge) + 1;
        }
        return from > TextDfa.MAX_CODE_POINT;
    }

    private static boolean onlySurrogates(int low, int high) {
        return low >= Character.MIN_SURROGATE && high <= Character.MAX_SURROGATE;
    }
}
