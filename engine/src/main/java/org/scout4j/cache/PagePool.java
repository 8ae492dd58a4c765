package org.scout4j.cache;

import java.util.BitSet;

/** The free pages of one layer group. Not thread-safe: it belongs to the engine's loop. */
public final class PagePool {
    private final int[] free;
    private final BitSet taken;
    private int freeCount;

    /**
     * @param count pages in the pool, numbered from 0
     */
    public PagePool(int count) {
        free = new int[count];
        taken = new BitSet(count);
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i; // page 0 is handed out first
        }
        freeCount = count;
    }

    /**
     * Takes a free page.
     *
     * @throws IllegalStateException if none is free: whoever takes pages has made sure before
     */
    public int take() {
        if (freeCount == 0) {
            throw new IllegalStateException("no free cache page");
        }
        int page = free[--freeCount];
        taken.set(page);
        return page;
    }

    /**
     * Gives a page back.
     *
     * @throws IllegalStateException if it is not taken
     */
    public void release(int page) {
        if (!taken.get(page)) {
            throw new IllegalStateException("cache page " + page + " is not taken");
        }
        taken.clear(page);
        free[freeCount++] = page;
    }

    /** Pages that can be taken. */
    public int free() {
        return freeCount;
    }

    /** Pages in all. */
    public int count() {
        return free.length;
    }
}
