package org.scout4j.grammar.regex;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A regular expression, read. Groups leave no trace: they matter to back references alone. */
sealed interface Pattern {
    /** The empty text. */
    record Nothing() implements Pattern {}

    /** One code point of a set. */
    record Chars(CodePoints set) implements Pattern {}

    /** One after the other. */
    record Sequence(List<Pattern> parts) implements Pattern {}

    /** One of several. */
    record Choice(List<Pattern> options) implements Pattern {}

    /**
     * The same several times.
     *
     * @param max {@link Integer#MAX_VALUE} = unbounded
     */
    record Repeat(Pattern body, int min, int max) implements Pattern {}

    /** {@code ^}: only at the start of the text. */
    record Start() implements Pattern {}

    /** {@code $}: only at the end of the text. */
    record End() implements Pattern {}

    /** {@code \b}, or {@code \B} if negated. */
    record Boundary(boolean negated) implements Pattern {}

    /** Look-ahead or look-behind. */
    record Look(Pattern body, boolean behind, boolean negated) implements Pattern {}

    /** Several in a row, as short as can be. */
    static Pattern sequence(List<Pattern> parts) {
        return switch (parts.size()) {
            case 0 -> new Nothing();
            case 1 -> parts.getFirst();
            default -> new Sequence(List.copyOf(parts));
        };
    }

    /** A repetition; of what is empty anyway at most once. */
    static Pattern repeat(Pattern body, int min, int max) {
        if (max == 0 || body instanceof Nothing || min == 0 && body.zeroWidth()) {
            return new Nothing();
        }
        return min == 1 && max == 1 || body.zeroWidth() ? body : new Repeat(body, min, max);
    }

    /** Whether it matches no text but the empty one. */
    default boolean zeroWidth() {
        return switch (this) {
            case Chars _ -> false;
            case Sequence sequence -> sequence.parts.stream().allMatch(Pattern::zeroWidth);
            case Choice choice -> choice.options.stream().allMatch(Pattern::zeroWidth);
            case Repeat repeat -> repeat.body.zeroWidth();
            default -> true;
        };
    }

    /** Whether it can match at the start of a text only, for all that is easily seen. */
    default boolean anchored() {
        return switch (this) {
            case Start _ -> true;
            case Sequence sequence -> sequence.parts.getFirst().anchored();
            case Choice choice -> choice.options.stream().allMatch(Pattern::anchored);
            case Repeat repeat -> repeat.min > 0 && repeat.body.anchored();
            default -> false;
        };
    }

    /** Collects the sets of code points on which it depends. */
    default void sets(Set<CodePoints> all) {
        switch (this) {
            case Chars chars -> all.add(chars.set);
            case Sequence sequence -> sequence.parts.forEach(part -> part.sets(all));
            case Choice choice -> choice.options.forEach(option -> option.sets(all));
            case Repeat repeat -> repeat.body.sets(all);
            case Look look -> look.body.sets(all);
            case Boundary _ -> all.add(CodePoints.WORD);
            default -> {}
        }
    }

    /** Whether some part of it, or it itself, is like that. */
    default boolean any(Predicate<Pattern> test) {
        return test.test(this)
                || switch (this) {
                    case Sequence sequence -> anyOf(sequence.parts, test);
                    case Choice choice -> anyOf(choice.options, test);
                    case Repeat repeat -> repeat.body.any(test);
                    case Look look -> look.body.any(test);
                    default -> false;
                };
    }

    private static boolean anyOf(List<Pattern> parts, Predicate<Pattern> test) {
        for (Pattern part : parts) {
            if (part.any(test)) {
                return true;
            }
        }
        return false;
    }
}
