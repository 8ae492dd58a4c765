package org.scout4j.engine;

/**
 * One running generation: a stream of events that ends with {@link TokenEvent.Finished}. Closing it
 * cancels what is still to come; its pages are free by the engine's next step.
 */
public interface Generation extends AutoCloseable {

    /**
     * Waits for the next event. One thread reads a generation.
     *
     * @throws org.scout4j.error.ScoutException if the generation failed ({@code GenerationFailed}),
     *     was cancelled ({@code Cancelled}) or the engine was closed ({@code EngineClosed})
     * @throws IllegalStateException after {@link TokenEvent.Finished}
     */
    TokenEvent next() throws InterruptedException;

    /** Cancels; no effect after the end. */
    @Override
    void close();
}
