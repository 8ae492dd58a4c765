package org.scout4j.server.images;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How the files begin that can be images: PNG, JPEG, GIF, WebP, BMP. */
final class ImageSignature {
    private static final int WEBP_AT = 8; // after RIFF and the length

    private ImageSignature() {}

    /** Whether bytes begin like one of them; a body that does not is not told from no body. */
    static boolean begins(byte[] bytes) {
        return at(bytes, 0, "\u0089PNG\r\n\u001a\n")
                || at(bytes, 0, "\u00ff\u00d8\u00ff")
                || at(bytes, 0, "GIF8")
                || (at(bytes, 0, "RIFF") && at(bytes, WEBP_AT, "WEBP"))
                || at(bytes, 0, "BM");
    }

    private static boolean at(byte[] bytes, int begin, String signature) {
        byte[] wanted = signature.getBytes(StandardCharsets.ISO_8859_1);
        int end = begin + wanted.length;
        return bytes.length >= end && Arrays.equals(bytes, begin, end, wanted, 0, wanted.length);
    }
}
