package org.scout4j.grammar.machine;

import org.jspecify.annotations.Nullable;

/** A set of texts as a deterministic automaton over code points, and what follows such a text. */
interface Texts {
    /** The state after which nothing is in the set. */
    int DEAD = -1;

    /** The state of the empty text; never dead. */
    int start();

    /** The state after a code point. */
    int next(int state, int codePoint);

    /** A code point up to which {@link #next} is the same as for this one, itself at least. */
    int sameUpTo(int state, int codePoint);

    /** Whether the text may end here. */
    boolean accepts(int state);

    /** Whether everything that could follow can go on to a text of the set. */
    default boolean open(int state) {
        return universal(state);
    }

    /** Whether everything that could follow is in the set, and leads to the same. */
    boolean universal(int state);

    /** A shortest text from a state to where it may end; null if that is to be searched for. */
    default @Nullable String shortest(int state) {
        return null;
    }

    /** Hands over what the stack becomes when the text has ended. */
    void leave(int state, Stack below, StackPool out);

    /** What goes on when a text has ended that nothing closes. */
    default Stack left(int state, Stack below, StackPool out) {
        return below;
    }

    /** Whether some code point from {@code low} to {@code high} can come next; no surrogates. */
    default boolean livesIn(int state, int low, int high) {
        if (low <= Character.MAX_SURROGATE && high >= Character.MIN_SURROGATE) {
            return livesIn(state, low, Character.MIN_SURROGATE - 1)
                    || livesIn(state, Character.MAX_SURROGATE + 1, high);
        }
        for (int at = low; at <= high; ) {
            if (next(state, at) != DEAD) {
                return true;
            }
            at = sameUpTo(state, at) + 1;
        }
        return false;
    }

    /** The one state after all code points of a range without surrogates; dead if there is none. */
    default int only(int state, int low, int high) {
        return sameUpTo(state, low) >= high ? next(state, low) : DEAD;
    }
}
