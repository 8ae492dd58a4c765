package org.scout4j.scheduler;

import java.util.List;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;

/** Which pages can be had while a step is planned: those available less those set aside. */
final class PageBudget {
    private static final LayerGroup[] GROUPS = LayerGroup.values();

    private final KvCache cache;
    private final int stepTokens;
    private final int[] reserved = new int[GROUPS.length];

    PageBudget(KvCache cache, int stepTokens) {
        this.cache = cache;
        this.stepTokens = stepTokens;
    }

    void clear() {
        for (LayerGroup group : GROUPS) {
            reserved[group.ordinal()] = 0;
        }
    }

    /** Whether a sequence with the cache to itself can come to store so many positions. */
    boolean fitsAlone(int positions) {
        for (LayerGroup group : GROUPS) {
            if (most(group, positions) > cache.pool(group).count()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the next token of a sequence finds its pages. */
    boolean hasRoomFor(Sequence sequence) {
        for (LayerGroup group : GROUPS) {
            if (sequence.table().pagesFor(group, 1) > left(group)) {
                return false;
            }
        }
        return true;
    }

    /** Sets the pages of the next token aside. */
    void reserve(Sequence sequence) {
        for (LayerGroup group : GROUPS) {
            reserved[group.ordinal()] += sequence.table().pagesFor(group, 1);
        }
    }

    /** The sequence takes its pages now. */
    void free(Sequence sequence) {
        for (LayerGroup group : GROUPS) {
            reserved[group.ordinal()] -= sequence.table().pagesFor(group, 1);
        }
    }

    /** Whether more was set aside than is there. */
    boolean overdrawn() {
        for (LayerGroup group : GROUPS) {
            if (left(group) < 0) {
                return true;
            }
        }
        return false;
    }

    /** The most tokens of a sequence that find pages. */
    int tokensFor(Sequence sequence) {
        int tokens = Integer.MAX_VALUE;
        for (LayerGroup group : GROUPS) {
            tokens = Math.min(tokens, sequence.table().roomWith(group, left(group)));
        }
        return tokens;
    }

    /**
     * Whether a sequence finds the pages of everything that it has pending, after those that run
     * have theirs, and each of them one page more for its answer.
     */
    boolean hasRoomBeside(List<Sequence> running, Sequence sequence) {
        for (LayerGroup group : GROUPS) {
            if (cache.shape().layers(group) == 0) {
                continue;
            }
            long needed = outstanding(group, sequence, 0);
            for (int i = 0; i < running.size(); i++) {
                needed += outstanding(group, running.get(i), cache.shape().pageTokens());
            }
            if (needed > cache.pool(group).available()) {
                return false;
            }
        }
        return true;
    }

    /** Pages not held yet of everything pending and so many more tokens. */
    private int outstanding(LayerGroup group, Sequence sequence, int more) {
        int positions = Math.min(sequence.history().length() + more, sequence.mostPositions());
        int most = most(group, Math.max(positions, sequence.history().length()));
        return Math.max(0, most - sequence.table().pageCount(group));
    }

    private int most(LayerGroup group, int positions) {
        return cache.shape().pages(group, positions, stepTokens);
    }

    private int left(LayerGroup group) {
        return cache.pool(group).available() - reserved[group.ordinal()];
    }
}
