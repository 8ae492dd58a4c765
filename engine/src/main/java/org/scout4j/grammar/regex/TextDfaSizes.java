package org.scout4j.grammar.regex;

import java.util.Arrays;

/** How many texts, and how long ones, lead from each state to an end. */
final class TextDfaSizes {
    private final long[] words;
    private final int[] longest;
    private final int[] shortest;

    TextDfaSizes(TextDfa dfa) {
        int states = dfa.states();
        words = new long[states];
        longest = new int[states];
        shortest = new int[states];
        int[] before = new int[states + 1];
        for (int state = 0; state < states; state++) {
            for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
                before[dfa.target(edge) + 1]++;
            }
        }
        for (int state = 0; state < states; state++) {
            before[state + 1] += before[state];
        }
        int[] source = new int[before[states]];
        int[] place = before.clone();
        int[] waiting = new int[states];
        for (int state = 0; state < states; state++) {
            for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
                source[place[dfa.target(edge)]++] = state;
                waiting[state]++;
            }
        }
        fillShortest(dfa, before, source);
        fillFinite(dfa, before, source, waiting);
    }

    private void fillShortest(TextDfa dfa, int[] before, int[] source) {
        Arrays.fill(shortest, Integer.MAX_VALUE);
        Ints queue = new Ints(dfa.states());
        for (int state = 0; state < dfa.states(); state++) {
            if (dfa.accepts(state)) {
                shortest[state] = 0;
                queue.add(state);
            }
        }
        for (int at = 0; at < queue.size(); at++) {
            int state = queue.get(at);
            for (int edge = before[state]; edge < before[state + 1]; edge++) {
                if (shortest[source[edge]] == Integer.MAX_VALUE) {
                    shortest[source[edge]] = shortest[state] + 1;
                    queue.add(source[edge]);
                }
            }
        }
    }

    /** From the ends backwards; what is never reached this way can go round for ever. */
    private void fillFinite(TextDfa dfa, int[] before, int[] source, int[] waiting) {
        Arrays.fill(words, Long.MAX_VALUE);
        Arrays.fill(longest, Integer.MAX_VALUE);
        Ints queue = new Ints(dfa.states());
        for (int state = 0; state < dfa.states(); state++) {
            if (waiting[state] == 0) {
                queue.add(state);
            }
        }
        for (int at = 0; at < queue.size(); at++) {
            int state = queue.get(at);
            long count = dfa.accepts(state) ? 1 : 0;
            int length = 0;
            for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
                int to = dfa.target(edge);
                count = plus(count, times(width(dfa.low(edge), dfa.high(edge)), words[to]));
                length = Math.max(length, longest[to] + 1);
            }
            words[state] = count;
            longest[state] = length;
            for (int edge = before[state]; edge < before[state + 1]; edge++) {
                if (--waiting[source[edge]] == 0) {
                    queue.add(source[edge]);
                }
            }
        }
    }

    /** Code points of a range that are no surrogates. */
    private static int width(int low, int high) {
        int surrogates =
                Math.min(high, Character.MAX_SURROGATE) - Math.max(low, Character.MIN_SURROGATE);
        return high - low + 1 - Math.max(0, surrogates + 1);
    }

    private static long plus(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static long times(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    long words(int state) {
        return words[state];
    }

    int longest(int state) {
        return longest[state];
    }

    int shortest(int state) {
        return shortest[state];
    }
}
