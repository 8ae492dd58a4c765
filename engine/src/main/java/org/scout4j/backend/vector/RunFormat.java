package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;

/** Decodes a plain type in runs that need not begin or end at a block. */
interface RunFormat {

    /**
     * Decodes consecutive weights to consecutive floats.
     *
     * @param start byte of the first weight
     */
    void decodeRun(MemorySegment bytes, long start, int count, float[] to, int at);
}
