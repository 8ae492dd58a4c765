package org.scout4j.backend;

import java.util.Arrays;

/** A sequence whose keys and values lie in cache pages, scattered and shared with nobody. */
final class CachedSequence {
    private final Backend backend;
    private final PageFormat format;
    private final int positions;
    private final KvPages pages;
    private final int[] table;

    /**
     * @param skip pages before the sequence's own
     */
    CachedSequence(Backend backend, PageFormat format, int positions, int skip) {
        this.backend = backend;
        this.format = format;
        this.positions = positions;
        int count = Math.ceilDiv(positions, format.pageTokens());
        pages = backend.pages(format, count + skip);
        table = new int[count];
        // The last page first: nothing may depend on their order in memory.
        Arrays.setAll(table, i -> skip + count - 1 - i);
    }

    KvPages pages() {
        return pages;
    }

    /** Writes {@code [positions, kvHeads * headSize]} of both; the rest of the pages is NaN. */
    void write(int layer, float[] keys, float[] values) {
        int columns = format.kvHeads() * format.headSize();
        Tensor k = backend.allocate(positions, columns);
        Tensor v = backend.allocate(positions, columns);
        SyntheticWeights.fill(backend, k, keys);
        SyntheticWeights.fill(backend, v, values);
        AttentionSpans spans = new AttentionSpans(positions);
        for (int p = 0; p < positions; p++) {
            show(spans, p, 0, p);
        }
        backend.write(pages, layer, spans, k, v, positions);
        for (int page : table) {
            pages.poison(page);
        }
        backend.write(pages, layer, spans, k, v, positions);
    }

    /** Lets a row see positions {@code first} … {@code last}, the last its own. */
    void show(AttentionSpans spans, int row, int first, int last) {
        spans.first[row] = first;
        spans.last[row] = last;
        spans.base[row] = 0;
        spans.pages[row] = table;
        spans.slots[row] =
                table[last / format.pageTokens()] * format.pageTokens()
                        + last % format.pageTokens();
    }
}
