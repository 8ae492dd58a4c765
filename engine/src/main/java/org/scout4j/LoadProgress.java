package org.scout4j;

/**
 * How far loading has come.
 *
 * @param phase what is being done
 * @param percent of the whole, 0 to 100
 */
public record LoadProgress(Phase phase, int percent) {

    /** The steps of loading, in order. */
    public enum Phase {
        /** Headers are read and checked. */
        OPENING,
        /** The tokenizer's tables are built. */
        TOKENIZER,
        /** Weights are handed to the backend and buffers are made. */
        PLACING,
        /** The model answers. */
        READY
    }
}
