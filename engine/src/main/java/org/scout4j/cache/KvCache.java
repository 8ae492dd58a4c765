package org.scout4j.cache;

import java.util.List;
import org.scout4j.backend.Backend;
import org.scout4j.backend.KvPages;

/**
 * The paged key/value cache of one engine: a pool of pages and their storage for each layer group.
 * Not thread-safe: it belongs to the engine's loop.
 */
public final class KvCache {
    private final CacheShape shape;
    private final PagePool localPool;
    private final PagePool globalPool;
    private final KvPages localPages;
    private final KvPages globalPages;
    private final PrefixIndex prefixes;

    /**
     * @param localPages pages for layers with chunked attention; ignored when there are none
     * @param globalPages pages for layers with full attention; ignored when there are none
     */
    public KvCache(Backend backend, CacheShape shape, int localPages, int globalPages) {
        this.shape = shape;
        int local = shape.localLayers() == 0 ? 0 : localPages;
        int global = shape.globalLayers() == 0 ? 0 : globalPages;
        this.localPool = new PagePool(local);
        this.globalPool = new PagePool(global);
        this.localPages = backend.pages(shape.format(LayerGroup.LOCAL), local);
        this.globalPages = backend.pages(shape.format(LayerGroup.GLOBAL), global);
        this.prefixes = new PrefixIndex(shape, localPool, globalPool, BlockHash.sha256());
    }

    public CacheShape shape() {
        return shape;
    }

    /** A new, empty sequence of tokens. It holds no page until it is extended. */
    public PageTable newTable() {
        return newTable(List.of());
    }

    /**
     * A new, empty sequence of tokens and images.
     *
     * @param images what its patch tokens show, in order
     */
    public PageTable newTable(List<ImageSpan> images) {
        return new PageTable(shape, localPool, globalPool, images);
    }

    /** The prefixes that stay in the cache when their sequences have ended. */
    public PrefixIndex prefixes() {
        return prefixes;
    }

    public PagePool pool(LayerGroup group) {
        return group == LayerGroup.LOCAL ? localPool : globalPool;
    }

    public KvPages pages(LayerGroup group) {
        return group == LayerGroup.LOCAL ? localPages : globalPages;
    }
}
