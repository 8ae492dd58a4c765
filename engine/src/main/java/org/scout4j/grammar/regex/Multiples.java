package org.scout4j.grammar.regex;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;

/**
 * Plain spellings of the multiples of a number. The step is {@code factor} × 10^{@code power}, the
 * factor without a 0 at its end. States hold the remainder by the factor of the digits so far: with
 * a positive power of those before the zeros at the end, whose number is held as well; with a
 * negative one also how many digits of the fraction were read.
 */
final class Multiples {
    private static final int MOST_STATES = 20_000;

    private final int factor;
    private final int zeros;
    private final int places;
    private final CompileBudget budget;
    private final TextDfa.Builder dfa = new TextDfa.Builder();

    Multiples(BigDecimal step, CompileBudget budget) {
        BigDecimal stripped = step.stripTrailingZeros();
        BigInteger unscaled = stripped.unscaledValue();
        long states = Math.abs((long) stripped.scale()) + 1;
        states = unscaled.bitLength() > 31 ? Long.MAX_VALUE : states * unscaled.longValue();
        if (states > MOST_STATES) {
            throw new GrammarRefused(
                    GrammarRefused.Reason.TOO_COMPLEX,
                    "",
                    "",
                    "Multiples of this number need more than "
                            + MOST_STATES
                            + " automaton states.");
        }
        budget.spend(10 * states);
        this.factor = unscaled.intValue();
        this.zeros = Math.max(0, -stripped.scale());
        this.places = Math.max(0, stripped.scale());
        this.budget = budget;
    }

    TextDfa build() {
        int start = dfa.state(false);
        int minus = dfa.state(false);
        int zero = dfa.state(true);
        int ends = dfa.state(true);
        int endPoint = dfa.state(false);
        dfa.edge(endPoint, '0', '0', ends);
        dfa.edge(ends, '0', '0', ends);
        dfa.edge(start, '-', '-', minus);
        dfa.edge(start, '0', '0', zero);
        dfa.edge(minus, '0', '0', zero);
        int[][] whole = new int[zeros + 1][factor];
        for (int count = 0; count <= zeros; count++) {
            for (int remainder = 0; remainder < factor; remainder++) {
                whole[count][remainder] =
                        dfa.state(count == zeros && isMultiple(remainder, places));
            }
        }
        for (int remainder = 0; remainder < factor; remainder++) {
            for (int count = 0; count <= zeros; count++) {
                digits(whole[count][remainder], whole, remainder, count, '0');
            }
        }
        digits(start, whole, 0, 0, '1');
        digits(minus, whole, 0, 0, '1');
        if (places > 0) {
            fractions(zero, whole[0], ends);
        } else {
            dfa.edge(zero, '.', '.', endPoint);
            dfa.edge(whole[zeros][0], '.', '.', endPoint);
        }
        return dfa.build(start);
    }

    /** Whether digits with this remainder are a multiple once so many zeros follow. */
    private boolean isMultiple(int remainder, int missing) {
        long rest = remainder;
        for (int zero = 0; zero < missing; zero++) {
            rest = rest * 10 % factor;
        }
        return rest == 0;
    }

    private void digits(int from, int[][] whole, int remainder, int count, char first) {
        budget.step();
        for (int digit = first - '0'; digit < 10; digit++) {
            int to;
            if (digit == 0 && count < zeros) {
                to = whole[count + 1][remainder];
            } else if (digit == 0) {
                to = whole[count][(int) (10L * remainder % factor)];
            } else {
                long before = remainder;
                for (int skipped = 0; skipped < count; skipped++) {
                    before = before * 10 % factor;
                }
                to = whole[0][(int) ((10 * before + digit) % factor)];
            }
            dfa.edge(from, '0' + digit, '0' + digit, to);
        }
    }

    /** Fraction digits; those that are missing count as zeros. */
    private void fractions(int zero, int[] whole, int ends) {
        int[][] rows = new int[places + 1][factor];
        for (int row = 0; row <= places; row++) {
            for (int remainder = 0; remainder < factor; remainder++) {
                rows[row][remainder] = dfa.state(row > 0 && isMultiple(remainder, places - row));
            }
        }
        for (int row = 0; row < places; row++) {
            for (int remainder = 0; remainder < factor; remainder++) {
                for (int digit = 0; digit < 10; digit++) {
                    int to = rows[row + 1][(int) ((10L * remainder + digit) % factor)];
                    dfa.edge(rows[row][remainder], '0' + digit, '0' + digit, to);
                }
            }
        }
        dfa.edge(rows[places][0], '0', '0', ends);
        dfa.edge(zero, '.', '.', rows[0][0]);
        for (int remainder = 0; remainder < factor; remainder++) {
            dfa.edge(whole[remainder], '.', '.', rows[0][remainder]);
        }
    }
}
