package org.scout4j.engine;

/**
 * How much an engine does at a time.
 *
 * @param slots most generations computed together
 * @param stepTokens most tokens computed in one step, answers and pieces of prompts together; at
 *     least one a slot
 * @param queueLength most generations that wait while all slots are taken
 * @param contextLength most tokens of a prompt and its answer together; what fits the cache may be
 *     less
 * @param prefixCache whether prompts and answers stay in the cache for requests that begin alike
 */
public record EngineLimits(
        int slots, int stepTokens, int queueLength, int contextLength, boolean prefixCache) {
    /** With the prefix cache. */
    public EngineLimits(int slots, int stepTokens, int queueLength, int contextLength) {
        this(slots, stepTokens, queueLength, contextLength, true);
    }

    public EngineLimits {
        if (slots < 1 || stepTokens < slots || queueLength < 0 || contextLength < 1) {
            throw new IllegalArgumentException(
                    "slots "
                            + slots
                            + ", tokens a step "
                            + stepTokens
                            + ", queue "
                            + queueLength
                            + ", context "
                            + contextLength);
        }
    }
}
