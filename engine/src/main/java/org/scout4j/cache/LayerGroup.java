package org.scout4j.cache;

/**
 * Layers that keep the same positions of a sequence. Every sequence has one list of pages for each
 * group.
 */
public enum LayerGroup {
    /** Chunked attention: only the positions of the current chunk are kept. */
    LOCAL,
    /** Full attention: every position is kept. */
    GLOBAL
}
