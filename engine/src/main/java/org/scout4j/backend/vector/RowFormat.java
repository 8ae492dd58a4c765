package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;

/** Decodes one way of storing weights by vectors. */
interface RowFormat {

    /**
     * Decodes consecutive weights of a row into its place in a {@linkplain Panels panel}, bit for
     * bit as {@code WeightDecoder} does, and fills the last group up with zeros.
     *
     * @param start byte where the first block begins
     * @param count weights; whole blocks, at most a panel's
     * @param at where the row's first vector belongs
     */
    void decode(MemorySegment bytes, long start, int count, float[] panel, int at);
}
