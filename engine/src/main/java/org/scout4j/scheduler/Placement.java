package org.scout4j.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Where a sequence stands among others. Nothing in here changes its tokens.
 *
 * @param priority higher goes first; one more counts as much as having waited {@link
 *     Scheduler#STEPS_OF_PRIORITY} steps longer
 * @param prefixSalt whose cached prefixes it may use and leave behind; null = nobody's
 * @param leader a sequence with the same prompt that computes it first, so that this one finds it
 *     in the cache; null = it does not wait for anyone
 */
public record Placement(int priority, @Nullable String prefixSalt, @Nullable Sequence leader) {
    /** Ordinary priority, no sharing, no waiting. */
    public static final Placement ALONE = new Placement(0, null, null);
}
