package org.scout4j.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** Names a page of tokens by everything that its keys and values depend on. */
interface BlockHash {
    /** A hash value of 256 bits. */
    record Digest(long a, long b, long c, long d) {}

    /** The name that a salt's first block has as its parent. */
    Digest root(String salt);

    /**
     * The name of a block: {@code count} tokens after everything that the parent names.
     *
     * @param images those that reach into the block, positions counted from its first
     */
    Digest block(Digest parent, int[] tokens, int from, int count, List<ImageSpan> images);

    /** SHA-256 of the parent's digest, the tokens and the images, of the salt at the root. */
    static BlockHash sha256() {
        try {
            return new Sha256(MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }

    /** Keeps its buffers; for one thread. */
    final class Sha256 implements BlockHash {
        private static final int IMAGE_BYTES = 2 * Integer.BYTES + 4 * Long.BYTES;

        private final MessageDigest sha;
        private ByteBuffer buffer = ByteBuffer.allocate(256);

        private Sha256(MessageDigest sha) {
            this.sha = sha;
        }

        @Override
        public Digest root(String salt) {
            return digest(sha.digest(salt.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Digest block(
                Digest parent, int[] tokens, int from, int count, List<ImageSpan> images) {
            int size = 4 * Long.BYTES + count * Integer.BYTES + images.size() * IMAGE_BYTES;
            if (buffer.capacity() < size) {
                buffer = ByteBuffer.allocate(size);
            }
            buffer.clear();
            buffer.putLong(parent.a).putLong(parent.b).putLong(parent.c).putLong(parent.d);
            for (int i = 0; i < count; i++) {
                buffer.putInt(tokens[from + i]);
            }
            for (ImageSpan image : images) {
                ImageKey key = image.key();
                buffer.putInt(image.from()).putInt(image.to());
                buffer.putLong(key.a()).putLong(key.b()).putLong(key.c()).putLong(key.d());
            }
            sha.update(buffer.flip());
            return digest(sha.digest());
        }

        private static Digest digest(byte[] bytes) {
            ByteBuffer words = ByteBuffer.wrap(bytes);
            return new Digest(words.getLong(), words.getLong(), words.getLong(), words.getLong());
        }
    }
}
