package org.scout4j.grammar.regex;

import java.math.BigDecimal;
import org.scout4j.grammar.CompileBudget;

/** Plain number spellings ({@code -12.50}) whose value compares in a given way with a bound. */
final class PlainComparison {
    private final BigDecimal bound;
    private final CompileBudget budget;
    private final TextDfa.Builder dfa = new TextDfa.Builder();

    PlainComparison(BigDecimal bound, CompileBudget budget) {
        this.bound = bound;
        this.budget = budget;
    }

    /** Spellings of numbers that are less than, equal to, greater than the bound. */
    TextDfa build(boolean less, boolean equal, boolean greater) {
        int start = dfa.state(false);
        int minus = dfa.state(false);
        dfa.edge(start, '-', '-', minus);
        BigDecimal size = bound.abs();
        if (bound.signum() >= 0) {
            magnitude(start, size, less, equal, greater);
        } else {
            magnitude(start, BigDecimal.ZERO, false, greater, greater);
        }
        if (bound.signum() <= 0) {
            magnitude(minus, size, greater, equal, less);
        } else {
            magnitude(minus, BigDecimal.ZERO, false, less, less);
        }
        return dfa.build(start);
    }

    /** From a state, all {@code (0|[1-9][0-9]*)(\.[0-9]+)?} that compare so with a bound ≥ 0. */
    private void magnitude(
            int start, BigDecimal size, boolean less, boolean equal, boolean greater) {
        String[] parts = size.toPlainString().split("\\.", 2);
        String whole = parts[0];
        String fraction = parts.length > 1 ? parts[1] : "";
        budget.spend(4L * (3L * whole.length() + fraction.length() + 6));
        int lessFraction = decided(less);
        int greaterFraction = decided(greater);
        int samePoint = fraction(fraction, equal, lessFraction, greaterFraction, less);
        int longer = dfa.state(greater);
        dfa.edge(longer, '0', '9', longer);
        point(longer, greaterFraction);
        int below = -1;
        int same = -1;
        int above = -1;
        boolean wholeOnly = fraction.isEmpty();
        for (int at = 0; at < whole.length(); at++) {
            boolean last = at == whole.length() - 1;
            char digit = whole.charAt(at);
            int nextBelow = dfa.state(less);
            int nextSame = dfa.state(last ? (wholeOnly ? equal : less) : less);
            int nextAbove = dfa.state(last ? greater : less);
            point(nextBelow, lessFraction);
            point(nextAbove, last ? greaterFraction : lessFraction);
            if (last) {
                dfa.edge(nextSame, '.', '.', samePoint);
            } else {
                point(nextSame, lessFraction);
            }
            if (at == 0) {
                first(
                        start,
                        digit,
                        whole.length(),
                        nextBelow,
                        nextSame,
                        nextAbove,
                        less,
                        lessFraction);
            } else {
                range(below, '0', '9', nextBelow);
                range(above, '0', '9', nextAbove);
                range(same, '0', digit - 1, nextBelow);
                range(same, digit, digit, nextSame);
                range(same, digit + 1, '9', nextAbove);
            }
            below = nextBelow;
            same = nextSame;
            above = nextAbove;
        }
        boolean zero = whole.equals("0");
        for (int state : zero ? new int[] {above} : new int[] {below, same, above}) {
            range(state, '0', '9', longer);
        }
    }

    /** The first digit; a 0 stands alone. */
    private void first(
            int start,
            char digit,
            int digits,
            int below,
            int same,
            int above,
            boolean less,
            int lessFraction) {
        if (digit == '0') {
            dfa.edge(start, '0', '0', same);
            dfa.edge(start, '1', '9', above);
            return;
        }
        int zero = dfa.state(less);
        point(zero, lessFraction);
        dfa.edge(start, '0', '0', zero);
        range(start, '1', digit - 1, below);
        range(start, digit, digit, same);
        range(start, digit + 1, '9', above);
    }

    /** The state after a point behind a whole part equal to the bound's. */
    private int fraction(
            String fraction, boolean equal, int lessFraction, int greaterFraction, boolean less) {
        int state = dfa.state(false);
        int begin = state;
        for (int at = 0; at < fraction.length(); at++) {
            char digit = fraction.charAt(at);
            int next = dfa.state(at == fraction.length() - 1 ? equal : less);
            range(state, '0', digit - 1, lessFraction);
            range(state, digit, digit, next);
            range(state, digit + 1, '9', greaterFraction);
            state = next;
        }
        int zeros = fraction.isEmpty() ? dfa.state(equal) : state;
        dfa.edge(state, '0', '0', zeros);
        dfa.edge(state, '1', '9', greaterFraction);
        if (zeros != state) {
            dfa.edge(zeros, '0', '0', zeros);
            dfa.edge(zeros, '1', '9', greaterFraction);
        }
        return begin;
    }

    /** A state among fraction digits that no longer matter. */
    private int decided(boolean accepted) {
        int state = dfa.state(accepted);
        dfa.edge(state, '0', '9', state);
        return state;
    }

    private void point(int from, int fractionState) {
        int point = dfa.state(false);
        dfa.edge(from, '.', '.', point);
        dfa.edge(point, '0', '9', fractionState);
    }

    private void range(int from, int low, int high, int to) {
        if (low <= high) {
            dfa.edge(from, low, high, to);
        }
    }
}
