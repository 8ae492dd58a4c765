package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/**
 * A pattern's look-arounds. One that looks ahead becomes an automaton that must accept the rest of
 * the text, for each kind of place in which it stands; one that looks behind an automaton that has
 * read the text before.
 */
final class Lookarounds {
    private static final int CONTEXTS = 4;
    private static final int UNKNOWN = -1;

    private final List<Pattern.Look> looks;
    private final Alphabet alphabet;
    private final Demands demands;
    private final CompileBudget budget;

    /** Automaton in the demands, by look and kind of place. */
    private final int[][] ahead;

    /** What must follow at {@code \b} and {@code \B}: a word character, or none. */
    private int wordAhead = UNKNOWN;

    private int noWordAhead = UNKNOWN;

    /** Automata that look behind, and the place of each look among them. */
    private final List<TextDfa> behind = new ArrayList<>();

    private final int[] behindOf;

    Lookarounds(
            List<Pattern.Look> looks, Alphabet alphabet, Demands demands, CompileBudget budget) {
        this.looks = looks;
        this.alphabet = alphabet;
        this.demands = demands;
        this.budget = budget;
        this.ahead = new int[looks.size()][CONTEXTS];
        this.behindOf = new int[looks.size()];
        for (int number = 0; number < looks.size(); number++) {
            Arrays.fill(ahead[number], UNKNOWN);
            Pattern.Look look = looks.get(number);
            if (look.behind()) {
                behindOf[number] = behind.size();
                behind.add(behind(look));
            } else if (look.body().any(Lookarounds::looksBehind)) {
                throw refused("a look-behind inside a look-ahead cannot be enforced");
            }
        }
    }

    private static boolean looksBehind(Pattern part) {
        return part instanceof Pattern.Look look && look.behind();
    }

    private static boolean looksAhead(Pattern part) {
        return part instanceof Pattern.End
                || part instanceof Pattern.Boundary
                || part instanceof Pattern.Look look && !look.behind();
    }

    private static GrammarRefused refused(String why) {
        return new GrammarRefused(
                Reason.UNSUPPORTED, "", "", "This pattern cannot be enforced: " + why + ".");
    }

    private TextDfa behind(Pattern.Look look) {
        if (look.body().any(Lookarounds::looksAhead)) {
            throw refused("a look-behind that looks ahead cannot be enforced");
        }
        return new Determiniser(look.body(), true, true, alphabet, budget)
                .build(Determiniser.Context.TEXT_START);
    }

    /** The demands and what a look-ahead adds to them. */
    int ahead(int number, Determiniser.Context context, int demanded) {
        int place = (context.atStart() ? 2 : 0) + (context.afterWord() ? 1 : 0);
        if (ahead[number][place] == UNKNOWN) {
            Pattern.Look look = looks.get(number);
            TextDfa dfa =
                    new Determiniser(look.body(), false, false, alphabet, budget).build(context);
            ahead[number][place] = demands.add(look.negated() ? DfaAlgebra.not(dfa, budget) : dfa);
        }
        return demands.and(demanded, ahead[number][place]);
    }

    /** The demands and that a word character follows, or that none does. */
    int boundary(boolean word, int demanded) {
        if (wordAhead == UNKNOWN) {
            TextDfa dfa =
                    new Determiniser(
                                    new Pattern.Chars(CodePoints.WORD),
                                    false,
                                    false,
                                    alphabet,
                                    budget)
                            .build(Determiniser.Context.TEXT_START);
            wordAhead = demands.add(dfa);
            noWordAhead = demands.add(DfaAlgebra.not(dfa, budget));
        }
        return demands.and(demanded, word ? wordAhead : noWordAhead);
    }

    boolean looksBehind(int number) {
        return looks.get(number).behind();
    }

    /** Whether a look-behind holds where its automata are in these states. */
    boolean behindHolds(int number, int[] states) {
        int state = states[behindOf[number]];
        TextDfa dfa = behind.get(behindOf[number]);
        return (state != TextDfa.DEAD && dfa.accepts(state)) != looks.get(number).negated();
    }

    /** The states of automata that look behind, at the start of the text. */
    int[] behindStart() {
        int[] states = new int[behind.size()];
        for (int one = 0; one < states.length; one++) {
            states[one] = behind.get(one).start();
        }
        return states;
    }

    /** Their states after one more code point. */
    int[] behindNext(int[] states, int codePoint) {
        if (states.length == 0) {
            return states;
        }
        int[] next = new int[states.length];
        for (int one = 0; one < states.length; one++) {
            int state = states[one];
            next[one] = state == TextDfa.DEAD ? state : behind.get(one).next(state, codePoint);
        }
        return next;
    }
}
