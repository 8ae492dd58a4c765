package org.scout4j.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cache pages of the CPU backends, float32. A page's memory is reserved when it is first written,
 * so a large {@code count} costs nothing.
 *
 * <p>Inside a page each (layer, head) has its keys, then its values. Keys lie in tiles of {@link
 * #KEY_TILE} positions, a tile dimension by dimension, so that one vector holds a dimension of
 * neighbouring positions and scores need no sum across lanes: {@code [tile, headSize, KEY_TILE]}.
 * Values lie as {@code [pageTokens, headSize]}.
 */
public final class HostKvPages implements KvPages {
    /** Positions whose keys are interleaved. */
    public static final int KEY_TILE = 32;

    private static final int ALIGNMENT = 64;

    private final Arena arena;
    private final PageFormat format;
    private final @Nullable MemorySegment[] pages;

    /** Floats. */
    private final long keysLength;

    private final long headLength;

    /**
     * @param arena where pages are reserved; the caller's threads must be able to use it
     */
    public HostKvPages(Arena arena, PageFormat format, int count) {
        if (format.layers() < 1
                || format.kvHeads() < 1
                || format.headSize() < 1
                || format.pageTokens() < 1
                || count < 0) {
            throw new IllegalArgumentException(count + " pages of " + format);
        }
        this.arena = arena;
        this.format = format;
        this.pages = new MemorySegment[count];
        long tiles = Math.ceilDiv(format.pageTokens(), KEY_TILE);
        this.keysLength = tiles * KEY_TILE * format.headSize();
        // Whole cache lines, so that every head's keys and values begin on one.
        long length = keysLength + (long) format.pageTokens() * format.headSize();
        this.headLength = Math.ceilDiv(length, 16) * 16;
    }

    /**
     * The pages behind an operation's argument.
     *
     * @throws IllegalArgumentException if another backend made them
     */
    public static HostKvPages of(KvPages pages) {
        if (pages instanceof HostKvPages host) {
            return host;
        }
        throw new IllegalArgumentException("not pages of a CPU backend: " + pages);
    }

    @Override
    public PageFormat format() {
        return format;
    }

    @Override
    public int count() {
        return pages.length;
    }

    /**
     * The memory of a page that has been written.
     *
     * @throws IllegalStateException if it never was
     */
    public MemorySegment page(int page) {
        MemorySegment memory = pages[page];
        if (memory == null) {
            throw new IllegalStateException(
                    "cache page " + page + " is read but was never written");
        }
        return memory;
    }

    /** Makes sure that a page has memory. Not for several threads at once. */
    public MemorySegment reserve(int page) {
        MemorySegment memory = pages[Objects.checkIndex(page, pages.length)];
        if (memory == null) {
            long heads = (long) format.layers() * format.kvHeads();
            long bytes = Math.multiplyExact(Float.BYTES * headLength, heads);
            memory = arena.allocate(bytes, ALIGNMENT);
            pages[page] = memory;
        }
        return memory;
    }

    /** Byte within a page where the keys of a head begin. */
    public long keys(int layer, int head) {
        return Float.BYTES * headLength * ((long) layer * format.kvHeads() + head);
    }

    /** Byte within a page where the values of a head begin. */
    public long values(int layer, int head) {
        return keys(layer, head) + Float.BYTES * keysLength;
    }

    /** Bytes from the start of a head's keys to one element. */
    public long key(int position, int dimension) {
        long tile = position / KEY_TILE;
        return Float.BYTES
                * ((tile * format.headSize() + dimension) * KEY_TILE + position % KEY_TILE);
    }

    /** Bytes from the start of a head's values to one element. */
    public long value(int position, int dimension) {
        return Float.BYTES * ((long) position * format.headSize() + dimension);
    }

    /** Stores one head of a row's keys and values at a slot whose page is reserved. */
    public void write(int layer, int head, int slot, HostTensor keys, HostTensor values, int row) {
        MemorySegment page = page(slot / format.pageTokens());
        int position = slot % format.pageTokens();
        int headSize = format.headSize();
        long keysStart = keys(layer, head);
        for (int d = 0; d < headSize; d++) {
            page.set(
                    ValueLayout.JAVA_FLOAT,
                    keysStart + key(position, d),
                    keys.get(row, head * headSize + d));
        }
        MemorySegment.copy(
                values.values(),
                values.offset(row) + (long) Float.BYTES * head * headSize,
                page,
                values(layer, head) + value(position, 0),
                (long) Float.BYTES * headSize);
    }

    /** A page that was never written stays without memory: reading it fails in any case. */
    @Override
    public void poison(int page) {
        MemorySegment memory = pages[Objects.checkIndex(page, pages.length)];
        if (memory != null) {
            for (long at = 0; at < memory.byteSize(); at += Float.BYTES) {
                memory.set(ValueLayout.JAVA_FLOAT, at, Float.NaN);
            }
        }
    }
}
