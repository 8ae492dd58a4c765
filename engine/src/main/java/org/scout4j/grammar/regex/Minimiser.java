package org.scout4j.grammar.regex;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.scout4j.grammar.CompileBudget;

/**
 * Joins states from which the same texts are accepted (Moore's refinement: states stay together as
 * long as their edges lead to the same blocks).
 */
final class Minimiser {
    private final TextDfa dfa;
    private final CompileBudget budget;
    private int[] block;

    Minimiser(TextDfa dfa, CompileBudget budget) {
        this.dfa = dfa;
        this.budget = budget;
        this.block = new int[dfa.states()];
    }

    TextDfa build() {
        int blocks = 0;
        int refined = dfa.isEmpty() ? 0 : 1;
        while (refined > blocks) {
            blocks = refined;
            refined = refine();
        }
        if (blocks == dfa.states()) {
            return dfa;
        }
        TextDfa.Builder builder = new TextDfa.Builder();
        boolean[] done = new boolean[blocks];
        int[] first = new int[blocks];
        for (int state = 0; state < dfa.states(); state++) {
            if (!done[block[state]]) {
                done[block[state]] = true;
                first[block[state]] = state;
            }
        }
        for (int one = 0; one < blocks; one++) {
            builder.state(dfa.accepts(first[one]));
            for (int edge = dfa.firstEdge(first[one]);
                    edge < dfa.firstEdge(first[one] + 1);
                    edge++) {
                builder.edge(one, dfa.low(edge), dfa.high(edge), block[dfa.target(edge)]);
            }
        }
        return builder.build(block[dfa.start()]);
    }

    /** One round; the number of blocks after it. */
    private int refine() {
        Map<Signature, Integer> numbers = new HashMap<>();
        int[] next = new int[dfa.states()];
        for (int state = 0; state < dfa.states(); state++) {
            budget.step();
            Signature signature = signature(state);
            Integer known = numbers.putIfAbsent(signature, numbers.size());
            next[state] = known == null ? numbers.size() - 1 : known;
        }
        block = next;
        return numbers.size();
    }

    /** Its block, its acceptance, and ranges with blocks; neighbours with one block as one. */
    private Signature signature(int state) {
        Ints parts = new Ints(16);
        parts.add(block[state]);
        parts.add(dfa.accepts(state) ? 1 : 0);
        for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
            int to = block[dfa.target(edge)];
            int last = parts.size() - 1;
            if (last > 2 && parts.get(last) == to && parts.get(last - 1) + 1 == dfa.low(edge)) {
                parts.set(last - 1, dfa.high(edge));
            } else {
                parts.add(dfa.low(edge));
                parts.add(dfa.high(edge));
                parts.add(to);
            }
        }
        return new Signature(parts.toArray());
    }

    private static final class Signature {
        private final int[] parts;
        private final int hash;

        Signature(int[] parts) {
            this.parts = parts;
            this.hash = Arrays.hashCode(parts);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Signature that && Arrays.equals(parts, that.parts);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
