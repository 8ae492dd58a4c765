package org.scout4j.grammar;

import java.time.Duration;

/**
 * What compiling one grammar may cost. Everything that grows with the input asks here first, so a
 * hostile schema is refused early instead of filling memory. For one thread.
 */
public final class CompileBudget {
    private static final long CLOCK_EVERY = 1024;

    private final long mostStates;
    private final Duration time;
    private final long deadline;
    private long states;
    private long steps;

    /**
     * @param mostStates automaton states, edges and graph nodes together, roughly 100 bytes each
     * @param time how long compiling may last from now
     */
    public CompileBudget(long mostStates, Duration time) {
        this.mostStates = mostStates;
        this.time = time;
        this.deadline = System.nanoTime() + time.toNanos();
    }

    /** The budget of a request (spec "Reliability" L-20, and well below its second). */
    public static CompileBudget ofRequest() {
        return new CompileBudget(400_000, Duration.ofMillis(800));
    }

    /**
     * Takes states, edges or nodes from the budget.
     *
     * @throws GrammarRefused if they, or the time, are spent
     */
    public void spend(long count) {
        states += count;
        if (states > mostStates) {
            throw tooComplex("it needs more than " + mostStates + " automaton states");
        }
        step();
    }

    /**
     * Notes a piece of work that keeps no memory.
     *
     * @throws GrammarRefused if the time is spent
     */
    public void step() {
        if (++steps % CLOCK_EVERY == 0 && System.nanoTime() - deadline > 0) {
            throw tooComplex("compiling takes longer than " + time.toMillis() + " ms");
        }
    }

    private static GrammarRefused tooComplex(String why) {
        return new GrammarRefused(
                GrammarRefused.Reason.TOO_COMPLEX, "", "", "This is too complex: " + why + ".");
    }
}
