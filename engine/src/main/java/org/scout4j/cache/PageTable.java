package org.scout4j.cache;

import java.util.Arrays;

/**
 * The pages that one sequence holds, in both layer groups. Positions are appended; pages of
 * finished chunks go back to the local pool. Not thread-safe: it belongs to the engine's loop.
 */
public final class PageTable {
    private final CacheShape shape;
    private final GroupPages local;
    private final GroupPages global;
    private int length;

    PageTable(CacheShape shape, PagePool localPool, PagePool globalPool) {
        this.shape = shape;
        this.local = new GroupPages(localPool, shape.pageTokens());
        this.global = new GroupPages(globalPool, shape.pageTokens());
    }

    /** Positions appended so far. */
    public int length() {
        return length;
    }

    public CacheShape shape() {
        return shape;
    }

    /**
     * Appends positions and takes the pages they need.
     *
     * @throws IllegalStateException if a pool is empty; the caller has made sure before that it is
     *     not
     */
    public void extend(int count) {
        length = Math.addExact(length, count);
        if (shape.localLayers() > 0) {
            local.cover(length);
        }
        if (shape.globalLayers() > 0) {
            global.cover(length);
        }
    }

    /**
     * Gives back the local pages that no later position can see: those of chunks before the one
     * that the next position falls in.
     */
    public void releaseFinishedChunks() {
        if (shape.localLayers() > 0) {
            local.dropBefore(shape.firstVisible(LayerGroup.LOCAL, length));
        }
    }

    /** Gives back every page; the sequence is over. */
    public void release() {
        local.dropBefore(Integer.MAX_VALUE);
        global.dropBefore(Integer.MAX_VALUE);
    }

    /** Page ids of a group in order of position; valid up to {@link #pageCount}. */
    public int[] pages(LayerGroup group) {
        return group(group).pages;
    }

    /** Pages held in a group. */
    public int pageCount(LayerGroup group) {
        return group(group).count;
    }

    /** First position that the first held page of a group stores. */
    public int base(LayerGroup group) {
        return group(group).base;
    }

    /** Slot of a position that is held: page * pageTokens + offset. */
    public int slot(LayerGroup group, int position) {
        GroupPages pages = group(group);
        int distance = position - pages.base;
        int page = pages.pages[distance / shape.pageTokens()];
        return Math.addExact(
                Math.multiplyExact(page, shape.pageTokens()), distance % shape.pageTokens());
    }

    private GroupPages group(LayerGroup group) {
        return group == LayerGroup.LOCAL ? local : global;
    }

    private static final class GroupPages {
        private final PagePool pool;
        private final int pageTokens;
        private int[] pages = new int[4];
        private int count;
        private int base;

        GroupPages(PagePool pool, int pageTokens) {
            this.pool = pool;
            this.pageTokens = pageTokens;
        }

        void cover(int length) {
            while ((long) base + (long) count * pageTokens < length) {
                if (count == pages.length) {
                    pages = Arrays.copyOf(pages, 2 * count);
                }
                pages[count++] = pool.take();
            }
        }

        void dropBefore(int position) {
            int finished = 0;
            while (finished < count
                    && (long) base + (long) (finished + 1) * pageTokens <= position) {
                pool.release(pages[finished++]);
            }
            if (finished > 0) {
                System.arraycopy(pages, finished, pages, 0, count - finished);
                count -= finished;
                base += finished * pageTokens;
            }
        }
    }
}
