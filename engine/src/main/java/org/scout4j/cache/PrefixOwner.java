package org.scout4j.cache;

import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** What the prefix index keeps for one salt: how much, and what of it is idle. */
final class PrefixOwner {
    final String salt;
    final BlockHash.Digest root;
    private final Share local = new Share();
    private final Share global = new Share();

    PrefixOwner(String salt, BlockHash.Digest root) {
        this.salt = salt;
        this.root = root;
    }

    /** Its pages of one layer group. */
    static final class Share {
        /** Pages in the index, idle or not. */
        int pages;

        /**
         * Blocks whose page is idle, longest idle first. A block stands before what it follows: a
         * sequence gives its pages back from the last to the first, and who holds a page holds all
         * before it. So the first one can go without cutting a prefix in the middle.
         */
        final LinkedHashSet<PrefixBlock> idle = new LinkedHashSet<>();

        @Nullable PrefixBlock longestIdle() {
            return idle.isEmpty() ? null : idle.getFirst();
        }
    }

    Share share(LayerGroup group) {
        return group == LayerGroup.LOCAL ? local : global;
    }
}
