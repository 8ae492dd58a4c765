package org.scout4j.grammar.regex;

import java.time.Duration;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/**
 * Regular expressions of ECMA-262 as automata. They are read as with the {@code u} flag (a text is
 * code points, {@code \p{…}} has its meaning); what is an error there but common in schemas is read
 * as without it. Back references are refused, and letters behind a backslash without a meaning.
 */
public final class Patterns {
    /** Longer patterns are refused, in UTF-16 units. */
    public static final int MOST_CHARACTERS = 4096;

    private static final long BUILT_IN_STATES = 10_000_000;

    private Patterns() {}

    /**
     * All texts in which the pattern is found somewhere, as JSON Schema's {@code pattern} wants it.
     *
     * @throws GrammarRefused if the pattern is invalid, cannot be enforced or costs too much
     */
    public static TextDfa compile(String pattern, CompileBudget budget) {
        return build(pattern, true, budget);
    }

    /**
     * All texts that the pattern matches from start to end.
     *
     * @throws GrammarRefused as {@link #compile}
     */
    public static TextDfa whole(String pattern, CompileBudget budget) {
        return build(pattern, false, budget);
    }

    private static TextDfa build(String text, boolean search, CompileBudget budget) {
        if (text.length() > MOST_CHARACTERS) {
            throw new GrammarRefused(
                    Reason.TOO_COMPLEX,
                    "",
                    "",
                    "This pattern has "
                            + text.length()
                            + " characters; "
                            + MOST_CHARACTERS
                            + " are allowed.");
        }
        return build(new PatternParser(text).parse(), search, budget);
    }

    /** A pattern of our own, to be matched as a whole; with as few states as possible. */
    static TextDfa known(String text) {
        CompileBudget budget = budgetOfKnown();
        return DfaAlgebra.minimised(build(new PatternParser(text).parse(), false, budget), budget);
    }

    /** Enough for whatever is built in. */
    static CompileBudget budgetOfKnown() {
        return new CompileBudget(BUILT_IN_STATES, Duration.ofMinutes(1));
    }

    private static TextDfa build(Pattern pattern, boolean search, CompileBudget budget) {
        Alphabet alphabet = new Alphabet(pattern, budget);
        return new Determiniser(pattern, search, !search, alphabet, budget)
                .build(Determiniser.Context.TEXT_START);
    }
}
