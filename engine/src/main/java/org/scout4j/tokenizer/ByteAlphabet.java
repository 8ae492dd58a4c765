package org.scout4j.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The printable alphabet in which GPT-2 vocabularies write bytes (spec "Tokenizer" §7): printable
 * Latin-1 bytes stand for themselves, the other 68 for U+0100 onwards in increasing order.
 */
final class ByteAlphabet {
    private static final int FIRST_SUBSTITUTE = 0x100;
    private static final short[] BYTE_OF = new short[FIRST_SUBSTITUTE + 68];

    static {
        Arrays.fill(BYTE_OF, (short) -1);
        int substitute = FIRST_SUBSTITUTE;
        for (int value = 0; value < 256; value++) {
            BYTE_OF[standsForItself(value) ? value : substitute++] = (short) value;
        }
    }

    private ByteAlphabet() {}

    private static boolean standsForItself(int value) {
        return (value >= 0x21 && value <= 0x7E)
                || (value >= 0xA1 && value <= 0xAC)
                || (value >= 0xAE && value <= 0xFF);
    }

    /** The bytes that a text spells, or null if one of its characters is not a letter of it. */
    static byte @Nullable [] decode(CharSequence text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = text.charAt(i);
            short value = letter < BYTE_OF.length ? BYTE_OF[letter] : -1;
            if (value < 0) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
