package org.scout4j.cache;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One full page of a prefix that the index knows: its tokens and images, what it follows, and the
 * pages that store it. The global page is always there, the local one as long as nobody needed its
 * place.
 */
final class PrefixBlock {
    final BlockHash.Digest digest;
    final PrefixOwner owner;
    final @Nullable PrefixBlock parent;
    private final int[] tokens;
    private final List<ImageSpan> images;
    private final int globalPage;
    private int localPage = -1;

    /** When each group's page became idle last: the index's count of such events. */
    private final long[] idleSince = new long[LayerGroup.values().length];

    /**
     * @param images those that reach into the block, positions counted from its first
     */
    PrefixBlock(
            BlockHash.Digest digest,
            PrefixOwner owner,
            @Nullable PrefixBlock parent,
            int[] tokens,
            List<ImageSpan> images,
            int globalPage) {
        this.digest = digest;
        this.owner = owner;
        this.parent = parent;
        this.tokens = tokens;
        this.images = images;
        this.globalPage = globalPage;
    }

    /** Whether it is what it was taken for, whatever the hash says. */
    boolean is(
            PrefixOwner wantedOwner,
            @Nullable PrefixBlock after,
            int[] source,
            int from,
            List<ImageSpan> shown) {
        return owner == wantedOwner
                && parent == after
                && images.equals(shown)
                && Arrays.equals(tokens, 0, tokens.length, source, from, from + tokens.length);
    }

    /** Its page in a group, or −1. */
    int page(LayerGroup group) {
        return group == LayerGroup.LOCAL ? localPage : globalPage;
    }

    void localPage(int page) {
        localPage = page;
    }

    long idleSince(LayerGroup group) {
        return idleSince[group.ordinal()];
    }

    void idleSince(LayerGroup group, long event) {
        idleSince[group.ordinal()] = event;
    }
}
