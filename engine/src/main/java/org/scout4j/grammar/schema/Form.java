package org.scout4j.grammar.schema;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.regex.TextDfa;

/**
 * What a {@link Term} says. Apart from {@link Types} and the connectives, each form speaks of
 * values of one type only and lets all values of other types pass, as keywords of JSON Schema do.
 */
sealed interface Form {
    /** Values of some basic types; see {@link Terms} for the bits. */
    record Types(int mask) implements Form {}

    /** Values that all terms hold; none of them is itself such a list. */
    record AllOf(List<Term> terms) implements Form {}

    /** Values that at least one term holds. */
    record AnyOf(List<Term> terms) implements Form {}

    /** Values that exactly one term holds. */
    record OneOf(List<Term> terms) implements Form {}

    /** About numbers. */
    sealed interface OfNumber extends Form {}

    record AtLeast(BigDecimal bound, boolean exclusive) implements OfNumber {}

    record AtMost(BigDecimal bound, boolean exclusive) implements OfNumber {}

    /** Whether a multiple or not one; integers are multiples of 1. */
    record Multiple(BigDecimal of, boolean wanted) implements OfNumber {}

    /**
     * Whether spelt without a point and exponent, or with one: what draft 4 calls an integer is so,
     * not its value.
     */
    record SpeltWhole(boolean wanted) implements OfNumber {}

    /** One of the values, or none of them; without trailing zeros. */
    record NumberValues(Set<BigDecimal> values, boolean wanted) implements OfNumber {}

    /** About strings. */
    sealed interface OfString extends Form {}

    /** Code points; max may be {@link Integer#MAX_VALUE}. */
    record TextLength(int min, int max) implements OfString {}

    record TextIn(TextDfa texts, boolean wanted) implements OfString {}

    record Words(Set<String> words, boolean wanted) implements OfString {}

    /** About arrays. */
    sealed interface OfArray extends Form {}

    /** What items may be, by position; no rest = anything. */
    record Items(List<Sub> prefix, @Nullable Sub rest) implements OfArray {}

    record ItemCount(int min, int max) implements OfArray {}

    /** How many items from a position on are of a set. */
    record Contains(Sub items, int min, int max, int from, Place place) implements OfArray {}

    record Unique(boolean wanted, Place place) implements OfArray {}

    /** About objects. */
    sealed interface OfObject extends Form {}

    /**
     * What members may be, by name.
     *
     * @param named in the schema's order
     * @param additional for names that are neither named nor of a pattern; null = anything
     * @param ordered whether named members come in this order
     */
    record Members(
            Map<String, Sub> named,
            List<Pattern> patterns,
            @Nullable Sub additional,
            boolean ordered)
            implements OfObject {
        /** The same map or list is the same rule: comparing content is not worth its time. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Members whose names are in a set. */
    record Pattern(TextDfa names, Sub value) {}

    record Required(List<String> names) implements OfObject {}

    record Absent(String name) implements OfObject {}

    record MemberCount(int min, int max) implements OfObject {}

    /** Every name is of the set, or at least one is not. */
    record Names(Sub names, boolean all) implements OfObject {}

    /** At least one member has such a name and such a value. */
    record Some(TextDfa names, Sub value) implements OfObject {}
}
