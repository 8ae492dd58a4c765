package org.scout4j.cache;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pages that one sequence holds, in both layer groups. Positions are appended; pages of
 * finished chunks go back to the local pool. Full pages may be shared with other sequences; what is
 * appended goes into pages that this sequence alone holds, for a shared prefix ends with a page.
 * Not thread-safe: it belongs to the engine's loop.
 */
public final class PageTable {
    private final CacheShape shape;
    private final List<ImageSpan> images;
    private final GroupPages local;
    private final GroupPages global;
    private int length;

    /** How far the prefix index knows these pages: its notes, see {@link PrefixIndex#keep}. */
    int knownBlocks;

    @Nullable PrefixBlock lastKnown;

    /**
     * @param images what the sequence's patch tokens show, in order
     */
    PageTable(CacheShape shape, PagePool localPool, PagePool globalPool, List<ImageSpan> images) {
        this.shape = shape;
        this.images = List.copyOf(images);
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

    /** What the sequence's patch tokens show, in order. */
    List<ImageSpan> images() {
        return images;
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

    /** Pages of a group that {@link #extend} would take for so many more positions. */
    public int pagesFor(LayerGroup group, int count) {
        return shape.layers(group) == 0 ? 0 : group(group).missing(length + (long) count);
    }

    /** Positions that can be appended when so many pages of a group may be taken. */
    public int roomWith(LayerGroup group, int pages) {
        if (shape.layers(group) == 0) {
            return Integer.MAX_VALUE;
        }
        long end = group(group).end() + (long) pages * shape.pageTokens();
        return (int) Math.min(Integer.MAX_VALUE, end - length);
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

    /** Gives back every page: the sequence is over, or begins again. */
    public void release() {
        local.clear();
        global.clear();
        length = 0;
        knownBlocks = 0;
        lastKnown = null;
    }

    /**
     * Begins an empty sequence with a shared prefix.
     *
     * @param blocks the blocks of the prefix, in order
     * @param count how many of them
     */
    void begin(List<PrefixBlock> blocks, int count) {
        if (length != 0) {
            throw new IllegalStateException("the sequence has begun");
        }
        length = count * shape.pageTokens();
        if (shape.localLayers() > 0) {
            int first = shape.firstVisible(LayerGroup.LOCAL, length) / shape.pageTokens();
            local.base = first * shape.pageTokens();
            for (int i = first; i < count; i++) {
                local.share(blocks.get(i).page(LayerGroup.LOCAL));
            }
        }
        for (int i = 0; i < count; i++) {
            global.share(blocks.get(i).page(LayerGroup.GLOBAL));
        }
    }

    /** The page that stores the block of positions from {@code from}, or −1 if it is not held. */
    int pageAt(LayerGroup group, int from) {
        GroupPages pages = group(group);
        int index = (from - pages.base) / shape.pageTokens();
        return from < pages.base || index >= pages.count ? -1 : pages.pages[index];
    }

    /** Holds another page of the same content instead of the one at {@code from}. */
    void replace(LayerGroup group, int from, int page) {
        GroupPages pages = group(group);
        int index = (from - pages.base) / shape.pageTokens();
        pages.pool.share(page);
        pages.pool.release(pages.pages[index]);
        pages.pages[index] = page;
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

        /** First position that no page stores. */
        long end() {
            return base + (long) count * pageTokens;
        }

        int missing(long length) {
            return (int) Math.ceilDiv(Math.max(0, length - end()), (long) pageTokens);
        }

        void cover(int length) {
            while (end() < length) {
                append(pool.take());
            }
        }

        void share(int page) {
            pool.share(page);
            append(page);
        }

        private void append(int page) {
            if (count == pages.length) {
                pages = Arrays.copyOf(pages, 2 * count);
            }
            pages[count++] = page;
        }

        /** From the last to the first: what follows in a prefix is given up before what leads. */
        void clear() {
            while (count > 0) {
                pool.release(pages[--count]);
            }
            base = 0;
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
