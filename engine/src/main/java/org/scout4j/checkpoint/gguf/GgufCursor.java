package org.scout4j.checkpoint.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.error.VerificationFailed;

/**
 * Reads a GGUF header from front to back, little endian; never beyond the file, and no length is
 * believed before the bytes are seen to be there.
 */
final class GgufCursor {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final char REPLACEMENT = '\ufffd';

    private final Path file;
    private final MemorySegment bytes;
    private long position;

    GgufCursor(Path file, MemorySegment bytes, long position) {
        this.file = file;
        this.bytes = bytes;
        this.position = position;
    }

    Path file() {
        return file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    int u8() {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xff;
    }

    int u16() {
        return bytes.get(SHORT, advance(2)) & 0xffff;
    }

    long u32() {
        return bytes.get(INT, advance(4)) & 0xffff_ffffL;
    }

    /** Eight bytes; a number above 2^63 − 1 comes out negative. */
    long i64() {
        return bytes.get(LONG, advance(8));
    }

    /**
     * A count or length.
     *
     * @param unit bytes that each counted thing takes at least
     * @param limit what it may be at most
     * @throws VerificationFailed if it exceeds the limit or what is left of the file could hold
     */
    long count(String what, long unit, long limit) {
        long count = i64();
        if (count < 0 || count > limit || count > remaining() / unit) {
            throw failure(
                    what
                            + " is "
                            + Long.toUnsignedString(count)
                            + ", more than "
                            + (count < 0 || count > limit ? "any model has" : "the file can hold"));
        }
        return count;
    }

    /**
     * A string of at most {@code limit} bytes of valid UTF-8.
     *
     * @param what it is, for messages
     */
    String string(String what, long limit) {
        long length = i64();
        if (length < 0 || length > limit || length > remaining()) {
            throw failure(
                    what
                            + " is "
                            + Long.toUnsignedString(length)
                            + " bytes long, at most "
                            + Math.min(limit, remaining())
                            + " are possible");
        }
        byte[] utf8 = bytes.asSlice(advance(length), length).toArray(ValueLayout.JAVA_BYTE);
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) { // rare: it stands there itself, or for damage
            requireValid(what, utf8, text);
        }
        return text;
    }

    private void requireValid(String what, byte[] utf8, String readable) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            throw new VerificationFailed(
                    file, what + " is not valid UTF-8: \"" + Excerpt.of(readable) + "\"", e);
        }
    }

    void skip(long count) {
        advance(count);
    }

    VerificationFailed failure(String detail) {
        return new VerificationFailed(file, detail + " (at byte " + position + ")");
    }

    private long advance(long count) {
        if (count > remaining()) {
            throw failure("the file ends within its header");
        }
        long start = position;
        position += count;
        return start;
    }
}
