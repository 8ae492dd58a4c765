package org.scout4j.grammar.machine;

import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.Language;

/** Reads one answer byte by byte. For one thread at a time. */
public final class ByteMatcher {
    private final Machine machine;
    private int state;
    private int generation;
    private Stack[] stacks;

    /** At the beginning of an answer; machines may be shared, all use is under their lock. */
    ByteMatcher(Machine machine) {
        this.machine = machine;
        synchronized (machine) {
            this.state = machine.start();
            this.generation = machine.generation();
            this.stacks = machine.stacks(state);
        }
    }

    /**
     * A matcher of its own for a language.
     *
     * @throws GrammarRefused if no answer stays within the bounds of nesting
     */
    public static ByteMatcher of(Language language) {
        return new ByteMatcher(new Machine(Shapes.of(language)));
    }

    /**
     * Whether a text is one of the language's.
     *
     * @param document UTF-8
     */
    public static boolean accepts(Language language, byte[] document) {
        ByteMatcher matcher = of(language);
        return matcher.accept(document) && matcher.mayEnd();
    }

    /** Another at the same place. */
    ByteMatcher copy() {
        ByteMatcher copy = new ByteMatcher(machine);
        synchronized (machine) {
            copy.state = state();
            copy.generation = generation;
            copy.stacks = stacks;
        }
        return copy;
    }

    /**
     * Reads bytes if all of them can come next; otherwise reads nothing.
     *
     * @throws GrammarRefused if too many readings had to be followed
     */
    public boolean accept(byte... bytes) {
        synchronized (machine) {
            int to = state();
            for (int index = 0; index < bytes.length && to >= 0; index++) {
                to = machine.next(to, bytes[index] & 0xFF);
            }
            if (to < 0) {
                return false;
            }
            state = to;
            stacks = machine.stacks(to);
            return true;
        }
    }

    /** The machine's state, also after the machine forgot it. Under the machine's lock. */
    int state() {
        machine.trim();
        if (generation != machine.generation()) {
            state = machine.adopt(stacks, machine.space(state));
            generation = machine.generation();
            stacks = machine.stacks(state);
        }
        return state;
    }

    /** Whether the answer may end here. */
    public boolean mayEnd() {
        synchronized (machine) {
            return machine.mayEnd(state());
        }
    }

    /** A short text that completes the answer. */
    public byte[] completion() {
        synchronized (machine) {
            int at = state();
            return machine.mayEnd(at)
                    ? new byte[0]
                    : new Completion(machine.pool()).from(machine.stacks(at)[0]);
        }
    }
}
