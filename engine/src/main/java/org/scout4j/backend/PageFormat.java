package org.scout4j.backend;

/**
 * The shape of a cache page: keys and values of {@code pageTokens} positions for {@code layers}
 * layers of {@code kvHeads} heads with {@code headSize} elements, float32.
 */
public record PageFormat(int layers, int kvHeads, int headSize, int pageTokens) {

    /** Bytes of one page. */
    public long pageBytes() {
        return Math.multiplyExact(pageTokens, tokenBytes());
    }

    /** Bytes that one position takes. */
    public long tokenBytes() {
        return 2L * Float.BYTES * layers * kvHeads * headSize;
    }
}
