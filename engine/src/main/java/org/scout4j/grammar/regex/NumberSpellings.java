package org.scout4j.grammar.regex;

import java.math.BigDecimal;

/** Fixed sets of number spellings (RFC 8259 §6). */
final class NumberSpellings {
    /** {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?}. */
    static final TextDfa PLAIN = plain(false);

    /** The same with nothing but zeros after the point. */
    static final TextDfa PLAIN_INTEGERS = plain(true);

    /** {@code -?(0|[1-9][0-9]*)}. */
    static final TextDfa WHOLE = whole();

    /**
     * All that JSON allows, but for exponents beyond ±308: few programs read what is larger than a
     * double.
     */
    static final TextDfa EVERY = every();

    /** {@code -?[1-9](\.[0-9]+)?[eE][+-]?[0-9]+}. */
    static final TextDfa SCIENTIFIC = scientific();

    /**
     * Of these some that are integers: a digit and an exponent that is not negative, or as many
     * fraction digits as a double needs (16) and an exponent of at least 16. Python and JavaScript
     * write no others, since they use exponents from 16 and 21 on only.
     */
    static final TextDfa SCIENTIFIC_INTEGERS = scientificIntegers();

    /** Of these some that are no integers: negative exponents, since 9.99…e-1 is below 1. */
    static final TextDfa SCIENTIFIC_FRACTIONS = scientificFractions();

    private static final int DOUBLE_FRACTION = 16;

    private NumberSpellings() {}

    private static TextDfa whole() {
        TextDfa.Builder dfa = new TextDfa.Builder();
        int start = dfa.state(false);
        int minus = dfa.state(false);
        int zero = dfa.state(true);
        int digits = dfa.state(true);
        dfa.edge(start, '-', '-', minus);
        integerPart(dfa, start, zero, digits);
        integerPart(dfa, minus, zero, digits);
        dfa.edge(digits, '0', '9', digits);
        return dfa.build(start);
    }

    private static TextDfa plain(boolean integers) {
        TextDfa.Builder dfa = new TextDfa.Builder();
        int start = dfa.state(false);
        int minus = dfa.state(false);
        int zero = dfa.state(true);
        int digits = dfa.state(true);
        int point = dfa.state(false);
        int fraction = dfa.state(true);
        char last = integers ? '0' : '9';
        dfa.edge(start, '-', '-', minus);
        integerPart(dfa, start, zero, digits);
        integerPart(dfa, minus, zero, digits);
        dfa.edge(zero, '.', '.', point);
        dfa.edge(digits, '.', '.', point);
        dfa.edge(point, '0', last, fraction);
        dfa.edge(fraction, '0', last, fraction);
        dfa.edge(digits, '0', '9', digits);
        return dfa.build(start);
    }

    private static void integerPart(TextDfa.Builder dfa, int from, int zero, int digits) {
        dfa.edge(from, '0', '0', zero);
        dfa.edge(from, '1', '9', digits);
    }

    private static TextDfa every() {
        TextDfa.Builder dfa = new TextDfa.Builder();
        int start = dfa.state(false);
        int minus = dfa.state(false);
        int zero = dfa.state(true);
        int digits = dfa.state(true);
        int point = dfa.state(false);
        int fraction = dfa.state(true);
        dfa.edge(start, '-', '-', minus);
        integerPart(dfa, start, zero, digits);
        integerPart(dfa, minus, zero, digits);
        dfa.edge(zero, '.', '.', point);
        dfa.edge(digits, '.', '.', point);
        dfa.edge(point, '0', '9', fraction);
        dfa.edge(fraction, '0', '9', fraction);
        dfa.edge(digits, '0', '9', digits);
        int exponent = exponentOfDouble(dfa);
        for (int state : new int[] {zero, digits, fraction}) {
            exponentSign(dfa, state, exponent);
        }
        return dfa.build(start);
    }

    /** A state after the letter, from which any exponent is read. */
    private static int anyExponent(TextDfa.Builder dfa) {
        int letter = dfa.state(false);
        int sign = dfa.state(false);
        int digits = dfa.state(true);
        dfa.edge(letter, '+', '+', sign);
        dfa.edge(letter, '-', '-', sign);
        dfa.edge(letter, '0', '9', digits);
        dfa.edge(sign, '0', '9', digits);
        dfa.edge(digits, '0', '9', digits);
        return letter;
    }

    /** The same for exponents up to 308, whatever zeros are before them. */
    private static int exponentOfDouble(TextDfa.Builder dfa) {
        int letter = dfa.state(false);
        int sign = dfa.state(false);
        int zeros = dfa.state(true);
        int small = dfa.state(true);
        int large = dfa.state(true);
        int two = dfa.state(true);
        int threeHundred = dfa.state(true);
        int three = dfa.state(true);
        dfa.edge(letter, '+', '+', sign);
        dfa.edge(letter, '-', '-', sign);
        for (int from : new int[] {letter, sign, zeros}) {
            dfa.edge(from, '0', '0', zeros);
            dfa.edge(from, '1', '2', small);
            dfa.edge(from, '3', '3', large);
            dfa.edge(from, '4', '9', two);
        }
        dfa.edge(small, '0', '9', two);
        dfa.edge(two, '0', '9', three);
        dfa.edge(large, '0', '0', threeHundred);
        dfa.edge(large, '1', '9', three);
        dfa.edge(threeHundred, '0', '8', three);
        return letter;
    }

    /** Reads e or E. */
    static void exponentSign(TextDfa.Builder dfa, int from, int to) {
        dfa.edge(from, 'E', 'E', to);
        dfa.edge(from, 'e', 'e', to);
    }

    private static TextDfa scientific() {
        TextDfa.Builder dfa = new TextDfa.Builder();
        return mantissa(dfa, anyExponent(dfa));
    }

    /** A mantissa with any fraction, then the exponent. */
    private static TextDfa mantissa(TextDfa.Builder dfa, int exponent) {
        int start = dfa.state(false);
        int minus = dfa.state(false);
        int digit = dfa.state(false);
        int point = dfa.state(false);
        int fraction = dfa.state(false);
        dfa.edge(start, '-', '-', minus);
        dfa.edge(start, '1', '9', digit);
        dfa.edge(minus, '1', '9', digit);
        dfa.edge(digit, '.', '.', point);
        dfa.edge(point, '0', '9', fraction);
        dfa.edge(fraction, '0', '9', fraction);
        exponentSign(dfa, digit, exponent);
        exponentSign(dfa, fraction, exponent);
        return dfa.build(start);
    }

    private static TextDfa scientificFractions() {
        TextDfa.Builder dfa = new TextDfa.Builder();
        int letter = dfa.state(false);
        int zeros = dfa.state(false);
        int digits = dfa.state(true);
        dfa.edge(letter, '-', '-', zeros);
        dfa.edge(zeros, '0', '0', zeros);
        dfa.edge(zeros, '1', '9', digits);
        dfa.edge(digits, '0', '9', digits);
        return mantissa(dfa, letter);
    }

    private static TextDfa scientificIntegers() {
        TextDfa.Builder dfa = new TextDfa.Builder();
        int start = dfa.state(false);
        int minus = dfa.state(false);
        int digit = dfa.state(false);
        dfa.edge(start, '-', '-', minus);
        dfa.edge(start, '1', '9', digit);
        dfa.edge(minus, '1', '9', digit);
        exponentSign(dfa, digit, notNegative(dfa));
        int large = atLeastSixteen(dfa);
        int fraction = dfa.state(false);
        dfa.edge(digit, '.', '.', fraction);
        for (int length = 1; length <= DOUBLE_FRACTION; length++) {
            int longer = dfa.state(false);
            dfa.edge(fraction, '0', '9', longer);
            exponentSign(dfa, longer, large);
            fraction = longer;
        }
        return dfa.build(start);
    }

    /** Of scientific spellings some multiples: a digit that is one, and a power of ten. */
    static TextDfa scientificMultiples(BigDecimal step) {
        TextDfa.Builder dfa = new TextDfa.Builder();
        int start = dfa.state(false);
        int minus = dfa.state(false);
        int digit = dfa.state(false);
        dfa.edge(start, '-', '-', minus);
        for (int value = 1; value < 10; value++) {
            if (BigDecimal.valueOf(value).remainder(step).signum() == 0) {
                dfa.edge(start, '0' + value, '0' + value, digit);
                dfa.edge(minus, '0' + value, '0' + value, digit);
            }
        }
        exponentSign(dfa, digit, notNegative(dfa));
        return dfa.build(start);
    }

    private static int notNegative(TextDfa.Builder dfa) {
        int letter = dfa.state(false);
        int plus = dfa.state(false);
        int digits = dfa.state(true);
        dfa.edge(letter, '+', '+', plus);
        dfa.edge(letter, '0', '9', digits);
        dfa.edge(plus, '0', '9', digits);
        dfa.edge(digits, '0', '9', digits);
        return letter;
    }

    private static int atLeastSixteen(TextDfa.Builder dfa) {
        int letter = dfa.state(false);
        int zeros = dfa.state(false);
        int one = dfa.state(false);
        int more = dfa.state(false);
        int enough = dfa.state(true);
        int ten = dfa.state(false);
        dfa.edge(letter, '+', '+', zeros);
        for (int from : new int[] {letter, zeros}) {
            dfa.edge(from, '0', '0', zeros);
            dfa.edge(from, '1', '1', one);
            dfa.edge(from, '2', '9', more);
        }
        dfa.edge(one, '0', '5', ten);
        dfa.edge(one, '6', '9', enough);
        dfa.edge(ten, '0', '9', enough);
        dfa.edge(more, '0', '9', enough);
        dfa.edge(enough, '0', '9', enough);
        return letter;
    }
}
