package org.scout4j.grammar.machine;

import org.scout4j.grammar.regex.TextDfa;

/**
 * The texts of an automaton up to some length, without a state for each length: a state's number is
 * the length so far times the automaton's states plus its state. A text goes on only where its
 * shortest end still fits.
 */
final class BoundedTexts implements Texts {
    private final TextDfa dfa;
    private final int max;
    private int farthest = -1;

    /**
     * @param max most code points; {@code (max + 1) * dfa.states()} is an int
     */
    BoundedTexts(TextDfa dfa, int max) {
        this.dfa = dfa;
        this.max = max;
    }

    /** Whether so many more code points cannot meet the bound, wherever they lead. */
    boolean roomFor(int codePoints, int state) {
        if (farthest < 0) {
            for (int each = 0; each < dfa.states(); each++) {
                farthest = Math.max(farthest, dfa.shortestFrom(each));
            }
        }
        return (long) length(state) + codePoints + farthest <= max;
    }

    private int of(int length, int state) {
        return state == DEAD || length + dfa.shortestFrom(state) > max
                ? DEAD
                : length * dfa.states() + state;
    }

    /** The automaton's state. */
    int inside(int state) {
        return state % dfa.states();
    }

    /** Code points so far. */
    int length(int state) {
        return state / dfa.states();
    }

    @Override
    public int start() {
        return dfa.start();
    }

    @Override
    public int next(int state, int codePoint) {
        return of(length(state) + 1, dfa.next(inside(state), codePoint));
    }

    @Override
    public int sameUpTo(int state, int codePoint) {
        return DfaTexts.sameUpTo(dfa, inside(state), codePoint);
    }

    @Override
    public boolean accepts(int state) {
        return dfa.accepts(inside(state));
    }

    @Override
    public boolean universal(int state) {
        return false;
    }

    @Override
    public String shortest(int state) {
        return DfaTexts.shortest(dfa, inside(state));
    }

    @Override
    public void leave(int state, Stack below, StackPool out) {
        out.emit(below);
    }
}
