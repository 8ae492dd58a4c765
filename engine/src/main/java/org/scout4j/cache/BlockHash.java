package org.scout4j.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Names a page of tokens by everything that its keys and values depend on. */
interface BlockHash {
    /** A hash value of 256 bits. */
    record Digest(long a, long b, long c, long d) {}

    /** The name that a salt's first block has as its parent. */
    Digest root(String salt);

    /** The name of a block: {@code count} tokens after everything that the parent names. */
    Digest block(Digest parent, int[] tokens, int from, int count);

    /** SHA-256 of the parent's digest and the tokens, of the salt at the root. */
    static BlockHash sha256() {
        try {
            return new Sha256(MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }

    /** Keeps its buffers; for one thread. */
    final class Sha256 implements BlockHash {
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
        public Digest block(Digest parent, int[] tokens, int from, int count) {
            int size = 4 * Long.BYTES + count * Integer.BYTES;
            if (buffer.capacity() < size) {
                buffer = ByteBuffer.allocate(size);
            }
            buffer.clear();
            buffer.putLong(parent.a).putLong(parent.b).putLong(parent.c).putLong(parent.d);
            for (int i = 0; i < count; i++) {
                buffer.putInt(tokens[from + i]);
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
