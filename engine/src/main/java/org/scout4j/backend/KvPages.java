package org.scout4j.backend;

/**
 * Storage of the key/value cache for one group of layers, made by {@link Backend#pages}. A page
 * holds {@link PageFormat#pageTokens()} consecutive positions of one sequence for every layer of
 * the group; slot = page * pageTokens + offset.
 */
public interface KvPages {

    PageFormat format();

    /** Number of pages. */
    int count();

    /**
     * Overwrites a page with NaN, so that reading what was never written shows. For tests and
     * debugging.
     */
    void poison(int page);
}
