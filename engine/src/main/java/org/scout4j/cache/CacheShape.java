package org.scout4j.cache;

import org.scout4j.backend.PageFormat;

/**
 * What the cache of one model looks like.
 *
 * @param localLayers layers with chunked attention; may be 0
 * @param globalLayers layers with full attention; may be 0
 * @param chunk positions in a chunk; 0 when there are no local layers
 * @param pageTokens positions in a page
 */
public record CacheShape(
        int localLayers, int globalLayers, int kvHeads, int headSize, int chunk, int pageTokens) {
    /** Positions in a page, unless a caller has a reason for another number. */
    public static final int DEFAULT_PAGE_TOKENS = 32;

    public CacheShape {
        if (localLayers > 0 && chunk <= 0) {
            throw new IllegalArgumentException("local layers need a chunk");
        }
        if (pageTokens <= 0) {
            throw new IllegalArgumentException("page of " + pageTokens + " positions");
        }
    }

    /** Number of layers in a group. */
    public int layers(LayerGroup group) {
        return group == LayerGroup.LOCAL ? localLayers : globalLayers;
    }

    /** How a page of this group is laid out. */
    public PageFormat format(LayerGroup group) {
        return new PageFormat(layers(group), kvHeads, headSize, pageTokens);
    }

    /** First position that a row at {@code position} sees in this group. */
    public int firstVisible(LayerGroup group, int position) {
        return group == LayerGroup.LOCAL ? position - position % chunk : 0;
    }

    /**
     * Most pages that a sequence ever holds in this group at one time.
     *
     * @param tokens positions of the sequence in all
     * @param stepTokens most positions added in one step
     */
    public int pages(LayerGroup group, long tokens, int stepTokens) {
        if (layers(group) == 0) {
            return 0;
        }
        long kept =
                group == LayerGroup.LOCAL ? Math.min(tokens, (long) chunk + stepTokens) : tokens;
        // A chunk may begin inside a page: one page more than its length needs.
        long pages = Math.ceilDiv(kept, pageTokens) + (kept < tokens ? 1 : 0);
        return Math.toIntExact(pages);
    }
}
