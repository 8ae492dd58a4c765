package org.scout4j.vision;

/**
 * Counts the pixels of a GIF frame's compressed data without making them: readers fill up what is
 * missing without a word. The data are a chain of blocks that has been walked before.
 */
final class GifCodes {
    private static final int MOST_CODES = 1 << 12;

    private final byte[] bytes;

    /** Pixels that each code stands for. */
    private final int[] lengths = new int[MOST_CODES];

    private int at;
    private int blockEnd;
    private long buffer;
    private int buffered;

    /**
     * @param firstBlock where the length of the first block stands
     */
    private GifCodes(byte[] bytes, int firstBlock) {
        this.bytes = bytes;
        this.at = firstBlock;
        this.blockEnd = firstBlock;
    }

    /**
     * Whether the data have this many pixels at least.
     *
     * @param codeBits where the smallest code's size stands; the blocks follow
     */
    static boolean hold(byte[] bytes, int codeBits, long pixels) {
        return new GifCodes(bytes, codeBits + 1).pixels(bytes[codeBits], pixels) >= pixels;
    }

    private long pixels(int smallest, long enough) {
        int clear = 1 << smallest;
        for (int code = 0; code < clear; code++) {
            lengths[code] = 1;
        }
        int size = smallest + 1;
        int next = clear + 2;
        int last = -1;
        long pixels = 0;
        while (pixels < enough) {
            int code = code(size);
            if (code == clear) {
                size = smallest + 1;
                next = clear + 2;
                last = -1;
                continue;
            }
            boolean known = code < clear || code > clear + 1 && code < next;
            boolean defined = last >= 0 && next < MOST_CODES;
            if (code < 0 || !known && !(defined && code == next)) {
                return pixels; // the end, or no code at all
            }
            if (defined) {
                lengths[next] = lengths[last] + 1;
                next++;
                if (next == 1 << size && next < MOST_CODES) {
                    size++;
                }
            }
            pixels += lengths[code];
            last = code;
        }
        return pixels;
    }

    /** −1 at the end of the data. */
    private int code(int size) {
        while (buffered < size) {
            if (at == blockEnd) {
                int length = bytes[at] & 0xFF;
                if (length == 0) {
                    return -1;
                }
                at++;
                blockEnd = at + length;
            }
            buffer |= (long) (bytes[at++] & 0xFF) << buffered;
            buffered += 8;
        }
        int code = (int) buffer & (1 << size) - 1;
        buffer >>>= size;
        buffered -= size;
        return code;
    }
}
