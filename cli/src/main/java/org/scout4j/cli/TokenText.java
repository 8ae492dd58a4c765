package org.scout4j.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes of a token as people can read them. */
final class TokenText {
    private TokenText() {}

    /** In quotes, control characters escaped, bytes that are no whole character as {@code \xE2}. */
    static String quoted(byte[] bytes) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        StringBuilder text = new StringBuilder("\"");
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            out.flip();
            out.chars().forEach(c -> appendEscaped(text, (char) c));
            out.clear();
            if (result.isUnderflow()) {
                return text.append('"').toString();
            }
            for (int i = 0; i < result.length(); i++) {
                appendByte(text, in.get());
            }
            decoder.reset();
        }
    }

    private static void appendEscaped(StringBuilder text, char c) {
        switch (c) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            default -> {
                if (Character.isISOControl(c)) {
                    text.append("\\u").append(HexFormat.of().toHexDigits((short) c));
                } else {
                    text.append(c);
                }
            }
        }
    }

    private static void appendByte(StringBuilder text, byte value) {
        text.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(value));
    }
}
