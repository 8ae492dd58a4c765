package org.scout4j.backend;

/**
 * What each row of a step may see, and in which pages it lies. One instance serves all layers of a
 * group in a step and is reused from step to step.
 *
 * <p>Row r sees positions {@code first[r]..last[r]} of its sequence, both included; {@code last[r]}
 * is its own position. Position s lies in page {@code pages[r][(s − base[r]) / pageTokens]} at
 * offset {@code (s − base[r]) % pageTokens}; base is a multiple of pageTokens.
 */
public final class AttentionSpans {
    public final int[] first;
    public final int[] last;
    public final int[] base;
    public final int[][] pages;

    /** Slot where row r's own key and value are written. */
    public final int[] slots;

    /**
     * @param rows largest number of rows in a step
     */
    public AttentionSpans(int rows) {
        first = new int[rows];
        last = new int[rows];
        base = new int[rows];
        pages = new int[rows][];
        slots = new int[rows];
    }
}
