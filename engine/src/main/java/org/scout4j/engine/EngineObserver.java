package org.scout4j.engine;

/**
 * Hears what the engine does, for metrics and traces. Called on the engine's thread between steps:
 * implementations return at once, take no lock that another thread may hold for long, and throw
 * nothing.
 */
public interface EngineObserver {
    /** Hears nothing. */
    EngineObserver NONE = new EngineObserver() {};

    /** Images of the step about to be computed have been encoded. */
    default void encoded(ImageReport report) {}

    /** A step has been computed. */
    default void stepped(StepReport report) {}

    /**
     * A generation has chosen a token that was not its first.
     *
     * @param nanos since its previous token
     */
    default void tokenFollowed(long nanos) {}

    /** A generation has ended, in whatever way. */
    default void ended(GenerationReport report) {}
}
