package org.scout4j.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes token bytes with the JDK's incremental UTF-8 decoder, which replaces every maximal
 * malformed part by one U+FFFD and leaves an unfinished character at the end unread.
 */
final class Utf8StreamingDecoder implements StreamingDecoder {
    private static final int LONGEST_UNFINISHED = 3;

    private final Tokenizer tokenizer;
    private final boolean showSpecials;
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    // Between calls it lies ready for reading and holds the unfinished character.
    private final ByteBuffer held = ByteBuffer.allocate(LONGEST_UNFINISHED).limit(0);

    Utf8StreamingDecoder(Tokenizer tokenizer, boolean showSpecials) {
        this.tokenizer = tokenizer;
        this.showSpecials = showSpecials;
    }

    @Override
    public String accept(int token) {
        byte[] bytes = tokenizer.bytes(token);
        if (tokenizer.special().contains(token)) {
            String unfinished = flush();
            return showSpecials
                    ? unfinished + new String(bytes, StandardCharsets.UTF_8)
                    : unfinished;
        }
        ByteBuffer in = ByteBuffer.allocate(held.remaining() + bytes.length);
        in.put(held).put(bytes).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining());
        decoder.decode(in, out, false);
        held.clear().put(in).flip();
        return out.flip().toString();
    }

    @Override
    public String flush() {
        // Nothing but the beginning of one character is ever held, so it is one malformed part.
        boolean unfinished = held.hasRemaining();
        held.clear().limit(0);
        decoder.reset();
        return unfinished ? "\uFFFD" : "";
    }
}
