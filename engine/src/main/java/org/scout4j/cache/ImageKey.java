package org.scout4j.cache;

import java.nio.ByteBuffer;

/** Names what an image shows by 256 bits of SHA-256, so that equal keys mean equal pixels. */
public record ImageKey(long a, long b, long c, long d) {

    /** The key that a digest of 32 bytes is. */
    public static ImageKey of(byte[] sha256) {
        ByteBuffer words = ByteBuffer.wrap(sha256);
        ImageKey key =
                new ImageKey(words.getLong(), words.getLong(), words.getLong(), words.getLong());
        if (words.hasRemaining()) {
            throw new IllegalArgumentException("a digest of " + sha256.length + " bytes");
        }
        return key;
    }
}
