package org.scout4j.grammar.regex;

import java.math.BigDecimal;
import org.scout4j.grammar.CompileBudget;

/**
 * Scientific number spellings with one digit from 1 to 9 before the point ({@code -1.5e+300}) whose
 * value compares in a given way with a bound.
 */
final class ScientificComparison {
    private final BigDecimal bound;
    private final CompileBudget budget;
    private final TextDfa.Builder dfa = new TextDfa.Builder();

    ScientificComparison(BigDecimal bound, CompileBudget budget) {
        this.bound = bound;
        this.budget = budget;
    }

    /** Spellings of numbers that are less than, equal to, greater than the bound. */
    TextDfa build(boolean less, boolean equal, boolean greater) {
        int start = dfa.state(false);
        int minus = dfa.state(false);
        dfa.edge(start, '-', '-', minus);
        if (bound.signum() > 0) {
            magnitude(start, less, equal, greater);
            always(minus, less);
        } else if (bound.signum() < 0) {
            always(start, greater);
            magnitude(minus, greater, equal, less);
        } else {
            always(start, greater);
            always(minus, less);
        }
        return dfa.build(start);
    }

    private void always(int start, boolean accepted) {
        int exponent = dfa.state(false);
        int sign = dfa.state(false);
        int digits = dfa.state(accepted);
        dfa.edge(exponent, '+', '+', sign);
        dfa.edge(exponent, '-', '-', sign);
        dfa.edge(exponent, '0', '9', digits);
        dfa.edge(sign, '0', '9', digits);
        dfa.edge(digits, '0', '9', digits);
        int digit = dfa.state(false);
        dfa.edge(start, '1', '9', digit);
        tail(digit, exponent);
    }

    /** From a digit state, an optional fraction of any digits, then the exponent. */
    private void tail(int digit, int exponent) {
        int point = dfa.state(false);
        int fraction = decided(exponent);
        dfa.edge(digit, '.', '.', point);
        dfa.edge(point, '0', '9', fraction);
        NumberSpellings.exponentSign(dfa, digit, exponent);
    }

    private int decided(int exponent) {
        int fraction = dfa.state(false);
        dfa.edge(fraction, '0', '9', fraction);
        NumberSpellings.exponentSign(dfa, fraction, exponent);
        return fraction;
    }

    private void magnitude(int start, boolean less, boolean equal, boolean greater) {
        String digits = bound.unscaledValue().abs().toString();
        long exponent = digits.length() - 1L - bound.scale();
        budget.spend(8L * digits.length() + 64);
        int lower = exponent(exponent, less, less, greater);
        int same = exponent(exponent, less, equal, greater);
        int higher = exponent(exponent, less, greater, greater);
        int lowerFraction = decided(lower);
        int higherFraction = decided(higher);
        char first = digits.charAt(0);
        int below = dfa.state(false);
        int equalDigit = dfa.state(false);
        int above = dfa.state(false);
        range(start, '1', first - 1, below);
        range(start, first, first, equalDigit);
        range(start, first + 1, '9', above);
        tail(below, lower);
        tail(above, higher);
        NumberSpellings.exponentSign(dfa, equalDigit, digits.length() == 1 ? same : lower);
        int state = dfa.state(false);
        dfa.edge(equalDigit, '.', '.', state);
        for (int at = 1; at < digits.length(); at++) {
            char digit = digits.charAt(at);
            int next = dfa.state(false);
            range(state, '0', digit - 1, lowerFraction);
            range(state, digit, digit, next);
            range(state, digit + 1, '9', higherFraction);
            NumberSpellings.exponentSign(dfa, next, at == digits.length() - 1 ? same : lower);
            state = next;
        }
        int zeros = digits.length() == 1 ? dfa.state(false) : state;
        dfa.edge(state, '0', '0', zeros);
        range(state, '1', '9', higherFraction);
        if (zeros != state) {
            dfa.edge(zeros, '0', '0', zeros);
            range(zeros, '1', '9', higherFraction);
            NumberSpellings.exponentSign(dfa, zeros, same);
        }
    }

    /** A state after the letter; exponents below, at and above a value are accepted as given. */
    private int exponent(long value, boolean below, boolean at, boolean above) {
        int letter = dfa.state(false);
        int plus = dfa.state(false);
        int minus = dfa.state(false);
        dfa.edge(letter, '+', '+', plus);
        dfa.edge(letter, '-', '-', minus);
        if (value >= 0) {
            unsigned(new int[] {letter, plus}, Long.toString(value), below, at, above);
        } else {
            unsigned(new int[] {letter, plus}, "0", above, above, above);
        }
        if (value <= 0) {
            unsigned(new int[] {minus}, Long.toString(-value), above, at, below);
        } else {
            unsigned(new int[] {minus}, "0", below, below, below);
        }
        return letter;
    }

    /** From each of these states, digits with any number of zeros before them. */
    private void unsigned(int[] starts, String value, boolean below, boolean at, boolean above) {
        boolean zero = value.equals("0");
        int zeros = dfa.state(zero ? at : below);
        int longer = dfa.state(above);
        dfa.edge(longer, '0', '9', longer);
        int lower = -1;
        int same = -1;
        int higher = -1;
        for (int place = 0; place < value.length(); place++) {
            boolean last = place == value.length() - 1;
            char digit = value.charAt(place);
            int nextLower = dfa.state(below);
            int nextSame = zero ? zeros : dfa.state(last ? at : below);
            int nextHigher = dfa.state(last ? above : below);
            if (place == 0) {
                for (int from = -1; from < starts.length; from++) {
                    int state = from < 0 ? zeros : starts[from];
                    dfa.edge(state, '0', '0', zeros);
                    range(state, '1', digit - 1, nextLower);
                    range(state, Math.max('1', digit), digit, nextSame);
                    range(state, digit + 1, '9', nextHigher);
                }
            } else {
                range(lower, '0', '9', nextLower);
                range(higher, '0', '9', nextHigher);
                range(same, '0', digit - 1, nextLower);
                range(same, digit, digit, nextSame);
                range(same, digit + 1, '9', nextHigher);
            }
            lower = nextLower;
            same = nextSame;
            higher = nextHigher;
        }
        for (int state : zero ? new int[] {higher} : new int[] {lower, same, higher}) {
            range(state, '0', '9', longer);
        }
    }

    private void range(int from, int low, int high, int to) {
        if (low <= high) {
            dfa.edge(from, low, high, to);
        }
    }
}
