package org.scout4j.engine;

import org.jspecify.annotations.Nullable;
import org.scout4j.scheduler.Sequence;

/**
 * Several answers to one prompt. The first computes the prompt, the others wait and find it in the
 * cache. For the loop.
 */
final class Choices {
    private int open;

    /** The sequence of the first answer. */
    @Nullable Sequence leader;

    /** Owner of their prefixes when nobody else may use them. */
    @Nullable String privateSalt;

    Choices(int count) {
        open = count;
    }

    /** One of them has ended; true if it was the last. */
    boolean oneEnded() {
        return --open == 0;
    }
}
