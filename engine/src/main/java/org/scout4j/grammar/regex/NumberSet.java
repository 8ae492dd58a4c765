package org.scout4j.grammar.regex;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;

/**
 * A set of JSON numbers, by their value: 1, 1.0 and 1e0 are one number, and so are 0 and -0.
 * Immutable.
 *
 * <p>It knows exactly which plain spellings ({@code -12.50}) belong to it. Of scientific ones it
 * looks at those with one digit that is not 0 before the point ({@code 1.5e+300}), as programs
 * write them; it knows some that belong to it and some that do not, and allows only the former. So
 * no spelling of a number outside is ever allowed; what is missing are scientific spellings where
 * membership is no matter of a finite automaton.
 */
public final class NumberSet {
    private static final NumberSet ALL =
            new NumberSet(
                    NumberSpellings.PLAIN,
                    NumberSpellings.SCIENTIFIC,
                    TextDfa.none(),
                    NumberSpellings.EVERY);
    private static final NumberSet INTEGERS =
            new NumberSet(
                    NumberSpellings.PLAIN_INTEGERS,
                    NumberSpellings.SCIENTIFIC_INTEGERS,
                    NumberSpellings.SCIENTIFIC_FRACTIONS,
                    null);

    private static final NumberSet SPELT_WHOLE =
            new NumberSet(NumberSpellings.WHOLE, TextDfa.none(), NumberSpellings.SCIENTIFIC, null);

    /** Digits that a bound may have before and after its point together. */
    private static final int MOST_DIGITS = 1000;

    /** Up to so many states it takes a few microseconds, and spares masks as many states. */
    private static final int WORTH_MINIMISING = 64;

    private final TextDfa plain;

    /** Scientific spellings known to belong to the set, and known not to. */
    private final TextDfa inside;

    private final TextDfa outside;

    /** All that may be written; null = not yet put together. */
    private @Nullable TextDfa spelling;

    private NumberSet(TextDfa plain, TextDfa inside, TextDfa outside, @Nullable TextDfa spelling) {
        this.plain = plain;
        this.inside = inside;
        this.outside = outside;
        this.spelling = spelling;
    }

    /** All numbers, in every spelling that JSON has. */
    public static NumberSet all() {
        return ALL;
    }

    /** Numbers without a fraction, 1.0 too. */
    public static NumberSet integers() {
        return INTEGERS;
    }

    /** Spellings without a point and exponent; unlike the others no set of values: 1.0 is out. */
    public static NumberSet speltWhole() {
        return SPELT_WHOLE;
    }

    /** Numbers that are at least {@code bound}. */
    public static NumberSet atLeast(BigDecimal bound, CompileBudget budget) {
        return compared(bound, false, true, true, budget);
    }

    /** Numbers above {@code bound}. */
    public static NumberSet greaterThan(BigDecimal bound, CompileBudget budget) {
        return compared(bound, false, false, true, budget);
    }

    /** Numbers that are at most {@code bound}. */
    public static NumberSet atMost(BigDecimal bound, CompileBudget budget) {
        return compared(bound, true, true, false, budget);
    }

    /** Numbers below {@code bound}. */
    public static NumberSet lessThan(BigDecimal bound, CompileBudget budget) {
        return compared(bound, true, false, false, budget);
    }

    /** The one number, in all its spellings. */
    public static NumberSet equalTo(BigDecimal value, CompileBudget budget) {
        return compared(value, false, true, false, budget);
    }

    /**
     * Whole multiples of a number above 0.
     *
     * @throws GrammarRefused if that takes too many states
     */
    public static NumberSet multipleOf(BigDecimal step, CompileBudget budget) {
        if (step.signum() <= 0) {
            throw new GrammarRefused(
                    GrammarRefused.Reason.INVALID, "", "", "A step must be greater than 0.");
        }
        if (checked(step).compareTo(BigDecimal.ONE) == 0) {
            return INTEGERS;
        }
        TextDfa plain = new Multiples(step, budget).build();
        return new NumberSet(
                plain, NumberSpellings.scientificMultiples(step), TextDfa.none(), null);
    }

    private static NumberSet compared(
            BigDecimal bound, boolean less, boolean equal, boolean greater, CompileBudget budget) {
        BigDecimal checked = checked(bound);
        TextDfa plain = new PlainComparison(checked, budget).build(less, equal, greater);
        TextDfa inside = new ScientificComparison(checked, budget).build(less, equal, greater);
        TextDfa outside = new ScientificComparison(checked, budget).build(!less, !equal, !greater);
        return new NumberSet(plain, inside, outside, null);
    }

    /** Before anything writes the digits out: {@code 1e1000000000} is short. */
    private static BigDecimal checked(BigDecimal bound) {
        long digits = Math.max(bound.precision(), Math.abs((long) bound.scale()));
        if (digits > MOST_DIGITS) {
            if (bound.signum() == 0) {
                return BigDecimal.ZERO;
            }
            throw new GrammarRefused(
                    GrammarRefused.Reason.TOO_COMPLEX,
                    "",
                    "",
                    "A number of "
                            + digits
                            + " digits is too long; "
                            + MOST_DIGITS
                            + " are allowed.");
        }
        return bound.signum() == 0 ? BigDecimal.ZERO : bound.stripTrailingZeros();
    }

    public NumberSet and(NumberSet other, CompileBudget budget) {
        if (this == ALL || this == other) {
            return other;
        }
        if (other == ALL) {
            return this;
        }
        return new NumberSet(
                DfaAlgebra.and(plain, other.plain, budget),
                DfaAlgebra.and(inside, other.inside, budget),
                DfaAlgebra.or(outside, other.outside, budget),
                null);
    }

    public NumberSet or(NumberSet other, CompileBudget budget) {
        if (this == ALL || other == ALL) {
            return ALL;
        }
        if (this == other) {
            return this;
        }
        return new NumberSet(
                DfaAlgebra.or(plain, other.plain, budget),
                DfaAlgebra.or(inside, other.inside, budget),
                DfaAlgebra.and(outside, other.outside, budget),
                null);
    }

    /** All other numbers. */
    public NumberSet not(CompileBudget budget) {
        return new NumberSet(
                DfaAlgebra.minus(NumberSpellings.PLAIN, plain, budget), outside, inside, null);
    }

    /** Whether there is no number in it; exact: every number has a plain spelling. */
    public boolean isEmpty() {
        return plain.isEmpty();
    }

    /** Whether the number is in it. */
    public boolean contains(BigDecimal value) {
        return plain.contains(checked(value).toPlainString());
    }

    /** Whether both hold the same numbers. */
    public boolean sameNumbers(NumberSet other, CompileBudget budget) {
        return this == other || DfaAlgebra.sameLanguage(plain, other.plain, budget);
    }

    /** How its numbers may be written. */
    public TextDfa spelling(CompileBudget budget) {
        TextDfa known = spelling;
        if (known == null) {
            TextDfa small =
                    plain.states() > WORTH_MINIMISING ? plain : DfaAlgebra.minimised(plain, budget);
            TextDfa written = DfaAlgebra.and(inside, NumberSpellings.EVERY, budget);
            known = DfaAlgebra.or(small, written, budget);
            spelling = known;
        }
        return known;
    }

    /** Its plain spellings only. */
    public TextDfa plainSpelling() {
        return plain;
    }
}
