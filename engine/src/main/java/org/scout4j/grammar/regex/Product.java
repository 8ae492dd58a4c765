package org.scout4j.grammar.regex;

import org.scout4j.grammar.CompileBudget;

/** Two automata side by side. Its states are pairs; each side may have failed. */
final class Product {
    /** Which texts are wanted. */
    enum Kind {
        BOTH,
        EITHER,
        FIRST_ONLY
    }

    /** The pair from which everything is accepted. */
    private static final long UNIVERSAL = Long.MAX_VALUE;

    private final TextDfa a;
    private final TextDfa b;
    private final Kind kind;
    private final CompileBudget budget;
    private final LongTable pairs = new LongTable();
    private final TextDfa.Builder builder = new TextDfa.Builder();

    Product(TextDfa a, TextDfa b, Kind kind, CompileBudget budget) {
        this.a = a;
        this.b = b;
        this.kind = kind;
        this.budget = budget;
    }

    TextDfa build() {
        pairs.number(pair(a.start(), b.start()));
        for (int number = 0; number < pairs.size(); number++) {
            long pair = pairs.key(number);
            budget.spend(1);
            if (pair == UNIVERSAL) {
                builder.state(true);
                builder.edge(number, 0, TextDfa.MAX_CODE_POINT, number);
            } else {
                int first = (int) (pair >> 32) - 1;
                int second = (int) pair - 1;
                builder.state(
                        accepts(
                                first != TextDfa.DEAD && a.accepts(first),
                                second != TextDfa.DEAD && b.accepts(second)));
                edges(number, first, second);
            }
        }
        return builder.build(0);
    }

    private boolean accepts(boolean first, boolean second) {
        return switch (kind) {
            case BOTH -> first && second;
            case EITHER -> first || second;
            case FIRST_ONLY -> first && !second;
        };
    }

    /** The pair's key; −1 if nothing is accepted from it. */
    private long pair(int first, int second) {
        switch (kind) {
            case BOTH -> {
                if (first == TextDfa.DEAD || second == TextDfa.DEAD) {
                    return -1;
                }
            }
            case EITHER -> {
                if (first == TextDfa.DEAD && second == TextDfa.DEAD) {
                    return -1;
                }
                if (first != TextDfa.DEAD && a.universal(first)
                        || second != TextDfa.DEAD && b.universal(second)) {
                    return UNIVERSAL;
                }
            }
            case FIRST_ONLY -> {
                if (first == TextDfa.DEAD || second != TextDfa.DEAD && b.universal(second)) {
                    return -1;
                }
            }
        }
        return (long) (first + 1) << 32 | (second + 1);
    }

    /** Walks both lists of ranges at once, from one border to the next. */
    private void edges(int number, int first, int second) {
        int edgeA = first == TextDfa.DEAD ? 0 : a.firstEdge(first);
        int endA = first == TextDfa.DEAD ? 0 : a.firstEdge(first + 1);
        int edgeB = second == TextDfa.DEAD ? 0 : b.firstEdge(second);
        int endB = second == TextDfa.DEAD ? 0 : b.firstEdge(second + 1);
        int point = 0;
        while (edgeA < endA || edgeB < endB) {
            int high = TextDfa.MAX_CODE_POINT;
            int toA = TextDfa.DEAD;
            int toB = TextDfa.DEAD;
            if (edgeA < endA) {
                boolean inside = a.low(edgeA) <= point;
                toA = inside ? a.target(edgeA) : TextDfa.DEAD;
                high = inside ? a.high(edgeA) : a.low(edgeA) - 1;
            }
            if (edgeB < endB) {
                boolean inside = b.low(edgeB) <= point;
                toB = inside ? b.target(edgeB) : TextDfa.DEAD;
                high = Math.min(high, inside ? b.high(edgeB) : b.low(edgeB) - 1);
            }
            long pair = pair(toA, toB);
            if (pair != -1) {
                budget.spend(1);
                builder.edge(number, point, high, pairs.number(pair));
            }
            if (edgeA < endA && a.high(edgeA) == high) {
                edgeA++;
            }
            if (edgeB < endB && b.high(edgeB) == high) {
                edgeB++;
            }
            point = high + 1;
        }
    }
}
