package org.scout4j.grammar.regex;

import org.scout4j.grammar.CompileBudget;

/** Boolean operations on sets of texts. All throw GrammarRefused if the budget is spent. */
public final class DfaAlgebra {
    private DfaAlgebra() {}

    /** Texts of both. */
    public static TextDfa and(TextDfa a, TextDfa b, CompileBudget budget) {
        if (a == b || a.isEmpty() || isAny(b)) {
            return a;
        }
        if (b.isEmpty() || isAny(a)) {
            return b;
        }
        return new Product(a, b, Product.Kind.BOTH, budget).build();
    }

    /** Texts of either. */
    public static TextDfa or(TextDfa a, TextDfa b, CompileBudget budget) {
        if (a == b || b.isEmpty() || isAny(a)) {
            return a;
        }
        if (a.isEmpty() || isAny(b)) {
            return b;
        }
        return new Product(a, b, Product.Kind.EITHER, budget).build();
    }

    /** Texts of {@code a} that are none of {@code b}. */
    public static TextDfa minus(TextDfa a, TextDfa b, CompileBudget budget) {
        if (a.isEmpty() || b.isEmpty()) {
            return a;
        }
        if (a == b || isAny(b)) {
            return TextDfa.none();
        }
        return new Product(a, b, Product.Kind.FIRST_ONLY, budget).build();
    }

    /** All other texts. */
    public static TextDfa not(TextDfa a, CompileBudget budget) {
        return minus(TextDfa.any(), a, budget);
    }

    /** Whether every text of {@code b} is one of {@code a}. */
    public static boolean includes(TextDfa a, TextDfa b, CompileBudget budget) {
        return minus(b, a, budget).isEmpty();
    }

    /** Whether both have the same texts. */
    public static boolean sameLanguage(TextDfa a, TextDfa b, CompileBudget budget) {
        return a == b || includes(a, b, budget) && includes(b, a, budget);
    }

    /** Whether no text is in both. */
    public static boolean disjoint(TextDfa a, TextDfa b, CompileBudget budget) {
        return and(a, b, budget).isEmpty();
    }

    /**
     * Texts of {@code a} with so many code points.
     *
     * @param max {@link Integer#MAX_VALUE} = unbounded
     */
    public static TextDfa withLength(TextDfa a, int min, int max, CompileBudget budget) {
        if (a.isEmpty() || min > max || min > a.longestLength()) {
            return TextDfa.none();
        }
        int least = a.shortestLength() >= min ? 0 : min;
        int most = a.longestLength() <= max ? Integer.MAX_VALUE : max;
        if (least == 0 && most == Integer.MAX_VALUE) {
            return a;
        }
        return counted(a, least, most, budget);
    }

    /** The same texts with as few states as possible. */
    public static TextDfa minimised(TextDfa a, CompileBudget budget) {
        return new Minimiser(a, budget).build();
    }

    private static TextDfa counted(TextDfa a, int least, int most, CompileBudget budget) {
        TextDfa.Builder builder = new TextDfa.Builder();
        LongTable table = new LongTable();
        int cap = most == Integer.MAX_VALUE ? least : most + 1;
        if (a.shortestLength() > most) {
            return TextDfa.none();
        }
        table.number(a.start());
        for (int number = 0; number < table.size(); number++) {
            int state = (int) table.key(number);
            int count = (int) (table.key(number) >>> 32);
            int edges = a.firstEdge(state + 1) - a.firstEdge(state);
            budget.spend(1L + edges);
            builder.state(a.accepts(state) && count >= least && count <= most);
            int after = Math.min(count + 1, cap);
            for (int edge = a.firstEdge(state); edge < a.firstEdge(state + 1); edge++) {
                int to = a.target(edge);
                if ((long) after + a.shortestFrom(to) <= most) {
                    int next = table.number((long) after << 32 | to);
                    builder.edge(number, a.low(edge), a.high(edge), next);
                }
            }
        }
        return builder.build(0);
    }

    private static boolean isAny(TextDfa dfa) {
        return !dfa.isEmpty() && dfa.universal(dfa.start());
    }
}
