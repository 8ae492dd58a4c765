package org.scout4j.vision;

/** Bits of lossless WebP data, the lowest of each byte first. Who reads past the end is refused. */
final class LosslessBits {
    private final byte[] bytes;
    private final int end;
    private int at;
    private long buffer;
    private int held;

    LosslessBits(byte[] bytes, int begin, int end) {
        this.bytes = bytes;
        this.at = begin;
        this.end = end;
    }

    /** At most 32 bits. */
    int read(int count) throws ImageRefused {
        int value = (int) (peek() & (1L << count) - 1);
        skip(count);
        return value;
    }

    boolean flag() throws ImageRefused {
        return read(1) != 0;
    }

    /** The next bits, 32 at least; zeros after the end. */
    long peek() {
        while (held < 32 && at < end) {
            buffer |= (bytes[at++] & 0xFFL) << held;
            held += 8;
        }
        return buffer;
    }

    /** Leaves bits behind that were peeked. */
    void skip(int count) throws ImageRefused {
        if (count > held) {
            throw Refusal.endsEarly();
        }
        buffer >>>= count;
        held -= count;
    }
}
