package org.scout4j.engine;

/**
 * The engine at one moment.
 *
 * @param running generations that take part in steps
 * @param waiting generations in the queue
 * @param slots most generations that run together
 * @param usedPages cache pages that running sequences hold, both layer groups
 * @param cachedPages cache pages that only the prefix cache holds: they are free when needed
 * @param totalPages cache pages in all
 * @param steps steps since the start
 * @param stepSince when the step being computed began ({@link System#nanoTime}), or −1 between
 *     steps
 */
public record EngineStatus(
        int running,
        int waiting,
        int slots,
        int usedPages,
        int cachedPages,
        int totalPages,
        long steps,
        long stepSince) {}
