package org.scout4j.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** An image as a URL that holds all of it (RFC 2397), as OpenAI's API takes it. */
final class DataUrl {
    /** How files of a kind begin; what begins with {@code RIFF} and could be decoded is WebP. */
    private static final Map<String, String> TYPES =
            Map.of(
                    "\u0089PNG", "image/png",
                    "\u00ff\u00d8", "image/jpeg",
                    "GIF8", "image/gif",
                    "RIFF", "image/webp",
                    "BM", "image/bmp");

    private DataUrl() {}

    static String of(byte[] image) {
        int length = Math.min(4, image.length);
        String head = new String(image, 0, length, StandardCharsets.ISO_8859_1);
        String type =
                TYPES.entrySet().stream()
                        .filter(kind -> head.startsWith(kind.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("application/octet-stream");
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(image);
    }
}
