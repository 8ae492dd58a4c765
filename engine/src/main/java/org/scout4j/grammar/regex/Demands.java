package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.grammar.CompileBudget;

/**
 * What look-aheads demand of the rest of a text: sets of (automaton, state) pairs, all of which
 * must accept it. Numbered; 0 demands nothing.
 */
final class Demands {
    /** Demands nothing. */
    static final int NONE = 0;

    /** Cannot be met. */
    static final int IMPOSSIBLE = -1;

    private record Key(int[] pairs) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && Arrays.equals(pairs, that.pairs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(pairs);
        }
    }

    private final List<TextDfa> automata = new ArrayList<>();
    private final LongTable pairs = new LongTable();
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<int[]> sets = new ArrayList<>();

    private final CompileBudget budget;

    Demands(CompileBudget budget) {
        this.budget = budget;
        number(new int[0]);
    }

    /** Adds an automaton and gives its number. */
    int add(TextDfa dfa) {
        automata.add(dfa);
        return automata.size() - 1;
    }

    private int number(int[] sorted) {
        Integer known = numbers.putIfAbsent(new Key(sorted), sets.size());
        if (known != null) {
            return known;
        }
        budget.spend(1L + sorted.length / 8);
        sets.add(sorted);
        return sets.size() - 1;
    }

    /** These demands and that the rest of the text is accepted by an automaton. */
    int and(int demands, int automaton) {
        TextDfa dfa = automata.get(automaton);
        if (dfa.isEmpty()) {
            return IMPOSSIBLE;
        }
        if (dfa.universal(dfa.start())) {
            return demands;
        }
        int pair = pairs.number((long) automaton << 32 | dfa.start());
        int[] set = sets.get(demands);
        int at = Arrays.binarySearch(set, pair);
        if (at >= 0) {
            return demands;
        }
        int[] more = new int[set.length + 1];
        System.arraycopy(set, 0, more, 0, -at - 1);
        more[-at - 1] = pair;
        System.arraycopy(set, -at - 1, more, -at, set.length + at + 1);
        return number(more);
    }

    /** What is demanded of the text after one code point. */
    int after(int demands, int codePoint) {
        if (demands == NONE) {
            return NONE;
        }
        int[] set = sets.get(demands);
        int[] next = new int[set.length];
        int count = 0;
        for (int pair : set) {
            long key = pairs.key(pair);
            TextDfa dfa = automata.get((int) (key >>> 32));
            int state = dfa.next((int) key, codePoint);
            if (state == TextDfa.DEAD) {
                return IMPOSSIBLE;
            }
            if (!dfa.universal(state)) {
                next[count++] = pairs.number(key >>> 32 << 32 | state);
            }
        }
        Arrays.sort(next, 0, count);
        int distinct = 0;
        for (int at = 0; at < count; at++) {
            if (distinct == 0 || next[distinct - 1] != next[at]) {
                next[distinct++] = next[at];
            }
        }
        return number(Arrays.copyOf(next, distinct));
    }

    /** Whether the text may end here. */
    boolean metAtEnd(int demands) {
        for (int pair : sets.get(demands)) {
            long key = pairs.key(pair);
            if (!automata.get((int) (key >>> 32)).accepts((int) key)) {
                return false;
            }
        }
        return true;
    }
}
