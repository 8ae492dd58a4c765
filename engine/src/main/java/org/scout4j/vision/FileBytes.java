package org.scout4j.vision;

/** Bounds-checked numbers of a file in memory: whoever reads past its end refuses the image. */
record FileBytes(byte[] bytes, int end) {

    static FileBytes of(byte[] bytes) {
        return new FileBytes(bytes, bytes.length);
    }

    /** The file refused unless {@code count} bytes lie at {@code at}. */
    void need(long at, long count) throws ImageRefused {
        if (at < 0 || count < 0 || at > end - count) {
            throw Refusal.endsEarly();
        }
    }

    int u8(long at) throws ImageRefused {
        need(at, 1);
        return bytes[(int) at] & 0xFF;
    }

    int big16(long at) throws ImageRefused {
        return u8(at) << 8 | u8(at + 1);
    }

    int little16(long at) throws ImageRefused {
        return u8(at) | u8(at + 1) << 8;
    }

    int little24(long at) throws ImageRefused {
        return little16(at) | u8(at + 2) << 16;
    }

    /** Unsigned. */
    long big32(long at) throws ImageRefused {
        return (long) big16(at) << 16 | big16(at + 2);
    }

    /** Unsigned. */
    long little32(long at) throws ImageRefused {
        return little16(at) | (long) little16(at + 2) << 16;
    }

    /** Whether these characters, of ASCII, stand at {@code at}. */
    boolean has(long at, String ascii) {
        if (at < 0 || at > end - ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if ((bytes[(int) at + i] & 0xFF) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
