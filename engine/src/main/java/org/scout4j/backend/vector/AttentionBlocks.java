package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;

/**
 * The two products of attention, for up to four query heads at once that see the same positions.
 *
 * <p>A score adds up dimension after dimension, an output position after position, each by fused
 * multiply-add in its own lane: nothing depends on the neighbours.
 */
interface AttentionBlocks {
    int QUERIES = 4;

    /**
     * Scores of a tile of keys.
     *
     * @param queries heads of {@code headSize}, the first at {@code q}
     * @param count heads, 1 to QUERIES
     * @param at byte where the tile begins in {@code keys}: {@code [headSize, KEY_TILE]}
     * @param factor multiplies each score
     * @param scores receives KEY_TILE scores of head i from {@code s + i * step} on
     */
    void score(
            float[] queries,
            int q,
            int count,
            int headSize,
            MemorySegment keys,
            long at,
            float factor,
            float[] scores,
            int s,
            int step);

    /**
     * Adds weighted values to the outputs of the heads.
     *
     * @param weights one for each position, those of head i from {@code w + i * step} on
     * @param count heads, 1 to QUERIES
     * @param at byte where the first position begins in {@code values}: {@code [positions,
     *     headSize]}
     * @param out heads of {@code headSize}, the first at {@code o}
     */
    void mix(
            float[] weights,
            int w,
            int step,
            int count,
            int positions,
            MemorySegment values,
            long at,
            int headSize,
            float[] out,
            int o);
}
