package org.scout4j.engine;

import java.time.Duration;

/**
 * One running generation: a stream of events that ends with {@link TokenEvent.Finished}. Closing it
 * cancels what is still to come; its pages are free by the engine's next step.
 */
public interface Generation extends AutoCloseable {

    /**
     * Waits for the next event. One thread reads a generation. If it reads so slowly that many
     * events pile up, the engine computes others until it has caught up.
     *
     * @throws org.scout4j.error.ScoutException if the generation failed ({@code GenerationFailed}),
     *     was cancelled ({@code Cancelled}), took too long ({@code TimedOut}), waited too long
     *     ({@code Overloaded}) or the engine was closed ({@code EngineClosed})
     * @throws IllegalStateException after {@link TokenEvent.Finished}
     */
    TokenEvent next() throws InterruptedException;

    /**
     * Ends it because the reader has all that it wants, such as a stop string: as {@link #close},
     * but reported as an answer that is complete.
     */
    void stop();

    /** What is known by now of the prompt's way through the engine. */
    Progress progress();

    /** Cancels; no effect after the end. */
    @Override
    void close();

    /**
     * The way of a prompt through the engine, as far as known; zeros before.
     *
     * @param cachedTokens prompt tokens taken from the prefix cache
     * @param queued from submission to the first step
     * @param prefill from the first step to the first token
     */
    record Progress(int cachedTokens, Duration queued, Duration prefill) {}
}
