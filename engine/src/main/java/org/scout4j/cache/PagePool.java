package org.scout4j.cache;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one layer group, and how many hold each: sequences that share it, and the prefix
 * index. A page that only the index holds is idle, which is as good as free: when no page is free,
 * the index gives an idle one up. Not thread-safe: it belongs to the engine's loop.
 */
public final class PagePool {
    private final int[] free;
    private final int[] holders;

    /** Pages that the prefix index is one holder of. */
    private final BitSet indexed;

    private int freeCount;
    private int idleCount;
    private @Nullable Index index;

    /** Who holds pages beside the sequences, and gives them up when they are needed. */
    interface Index {
        /** From now on the index alone holds the page. */
        void idle(int page);

        /** A sequence holds the page again. */
        void used(int page);

        /** An idle page must go: calls {@link #drop} at least once. */
        void evict();
    }

    /**
     * @param count pages in the pool, numbered from 0
     */
    public PagePool(int count) {
        free = new int[count];
        holders = new int[count];
        indexed = new BitSet(count);
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i; // page 0 is handed out first
        }
        freeCount = count;
    }

    void attach(Index owner) {
        index = owner;
    }

    /**
     * Takes a page that nobody holds; an idle one is given up for it if there is no other.
     *
     * @throws IllegalStateException if none is available: whoever takes pages has made sure before
     */
    public int take() {
        if (freeCount == 0 && idleCount > 0 && index != null) {
            index.evict();
        }
        if (freeCount == 0) {
            throw new IllegalStateException("no free cache page");
        }
        int page = free[--freeCount];
        holders[page] = 1;
        return page;
    }

    /** One more sequence holds a page, to read it only. */
    void share(int page) {
        requireHeld(page);
        if (holders[page]++ == 1 && indexed.get(page)) {
            idleCount--;
            index().used(page);
        }
    }

    /**
     * A holder gives a page back; after the last one it is free.
     *
     * @throws IllegalStateException if nobody holds it
     */
    public void release(int page) {
        requireHeld(page);
        holders[page]--;
        if (holders[page] == 0) {
            free[freeCount++] = page;
        } else if (holders[page] == 1 && indexed.get(page)) {
            idleCount++;
            index().idle(page);
        }
    }

    /** The index becomes a holder of a page that a sequence holds. */
    void keep(int page) {
        requireHeld(page);
        if (indexed.get(page)) {
            throw new IllegalStateException("cache page " + page + " is in the index already");
        }
        indexed.set(page);
        holders[page]++;
    }

    /** The index gives a page up. */
    void drop(int page) {
        if (!indexed.get(page)) {
            throw new IllegalStateException("cache page " + page + " is not in the index");
        }
        if (holders[page] == 1) {
            idleCount--;
        }
        indexed.clear(page);
        release(page);
    }

    private void requireHeld(int page) {
        if (holders[page] == 0) {
            throw new IllegalStateException("cache page " + page + " is not taken");
        }
    }

    private Index index() {
        Index owner = index;
        if (owner == null) {
            throw new IllegalStateException("a page in an index, but no index");
        }
        return owner;
    }

    /** Pages that hold nothing. */
    public int free() {
        return freeCount;
    }

    /** Pages that only the prefix index holds. */
    public int idle() {
        return idleCount;
    }

    /** Pages that can be taken: the free and the idle ones. */
    public int available() {
        return freeCount + idleCount;
    }

    /** Pages in all. */
    public int count() {
        return free.length;
    }

    /** How many hold a page: sequences, and the prefix index as one more. */
    public int holders(int page) {
        return holders[page];
    }

    @Override
    public String toString() {
        return "free "
                + freeCount
                + ", idle "
                + idleCount
                + ", holders "
                + Arrays.toString(holders);
    }
}
