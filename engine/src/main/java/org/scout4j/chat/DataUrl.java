package org.scout4j.chat;

import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.scout4j.error.InvalidRequest;

/**
 * Images that are their own URL: {@code data:image/png;base64,…} (RFC 2397). The type has to be an
 * image's and says nothing more: what an image is, its bytes tell.
 *
 * <p>Base64 is read as clients write it: either alphabet (RFC 4648 §4, §5), with or without
 * padding, white space in between, and what URLs escape escaped. Nothing of the image's size is
 * made but the image.
 */
public final class DataUrl {
    /** The code of an image that would have to be fetched. */
    public static final String NOT_ALLOWED = "image_url_not_allowed";

    private static final String SCHEME = "data:";
    private static final int LONGEST_HEAD = 256;
    private static final int CHUNK = 8_192; // a multiple of 4
    private static final int AFTER_ESCAPE = 3;

    private final String url;
    private final int most;
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] plain = new byte[CHUNK / 4 * 3];
    private byte[] image;
    private int size;
    private boolean complete;

    private DataUrl(String url, int begin, int most) {
        this.url = url;
        this.most = most;
        this.image = new byte[(int) Math.min(longest(url, begin), most)];
    }

    /** Most bytes that base64 from {@code begin} can be; exact if it is nothing but base64. */
    private static long longest(String url, int begin) {
        int end = url.length();
        while (end > begin && url.charAt(end - 1) == '=') {
            end--;
        }
        return (end - begin) * 3L / 4;
    }

    /** Whether a URL is of this kind, well-formed or not. */
    public static boolean is(String url) {
        return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /**
     * The bytes of an image.
     *
     * @param param where the URL was written, for messages
     * @param most most bytes; more are refused, and never held
     * @throws InvalidRequest if it is no data URL of an image, or too large
     */
    public static byte[] image(String url, String param, int most) {
        if (!is(url)) {
            throw new InvalidRequest(
                    param,
                    NOT_ALLOWED,
                    "'" + param + "' is on another host, and images are not fetched.",
                    "Send the image itself, as a data URL.");
        }
        int begin = begin(url);
        try {
            if (begin > 0) {
                byte[] image = new DataUrl(url, begin, most).read(begin, param);
                if (image.length > 0) {
                    return image;
                }
            }
        } catch (IllegalArgumentException notBase64) {
            // Told below.
        }
        throw new InvalidRequest(
                param,
                InvalidRequest.INVALID_IMAGE,
                "'" + param + "' is no data URL of the form data:image/png;base64,….",
                null);
    }

    /**
     * The bytes of an image that stands there in base64 without a URL's head.
     *
     * @param param where it was written, for messages
     * @param most most bytes; more are refused, and never held
     * @throws InvalidRequest if it is no base64, or too large
     */
    public static byte[] base64(String text, String param, int most) {
        try {
            byte[] image = new DataUrl(text, 0, most).read(0, param);
            if (image.length > 0) {
                return image;
            }
        } catch (IllegalArgumentException notBase64) {
            // Told below.
        }
        throw new InvalidRequest(
                param,
                InvalidRequest.INVALID_IMAGE,
                "'" + param + "' is no image in base64.",
                null);
    }

    /** Where the base64 begins, or 0 if the head is not that of an image in base64. */
    private static int begin(String url) {
        int comma = url.substring(0, Math.min(url.length(), LONGEST_HEAD)).indexOf(',');
        String head = comma < 0 ? "" : url.substring(0, comma).toLowerCase(Locale.ROOT);
        return head.startsWith("data:image/") && head.endsWith(";base64") ? comma + 1 : 0;
    }

    private byte[] read(int begin, String param) {
        int filled = 0;
        for (int at = begin; at < url.length(); at++) {
            char c = url.charAt(at);
            if (c == '%') {
                c = unescaped(at);
                at += AFTER_ESCAPE - 1;
            }
            if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
                continue;
            }
            if (filled == CHUNK) {
                decode(filled, param);
                filled = 0;
            }
            chunk[filled++] = plainAlphabet(c);
        }
        decode(filled, param);
        return size == image.length ? image : Arrays.copyOf(image, size);
    }

    private char unescaped(int at) {
        if (at + AFTER_ESCAPE > url.length()) {
            throw new IllegalArgumentException("an escape is cut off");
        }
        int high = Character.digit(url.charAt(at + 1), 16);
        int low = Character.digit(url.charAt(at + 2), 16);
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("not an escape");
        }
        return (char) (16 * high + low);
    }

    private static byte plainAlphabet(char c) {
        return switch (c) {
            case '-' -> '+';
            case '_' -> '/';
            default -> c < 0x80 ? (byte) c : 0; // 0 is not of the alphabet
        };
    }

    private void decode(int filled, String param) {
        if (filled == 0) {
            return;
        }
        if (complete) {
            throw new IllegalArgumentException("there is more after the padding");
        }
        byte[] part = filled == CHUNK ? chunk : Arrays.copyOf(chunk, filled);
        int bytes = Base64.getDecoder().decode(part, plain);
        complete = bytes < filled / 4 * 3;
        if (bytes > most - size) {
            throw tooLarge(param, most);
        }
        System.arraycopy(plain, 0, image, size, bytes);
        size += bytes;
    }

    /** The problem of an image over the limit. */
    private static InvalidRequest tooLarge(String param, int most) {
        return new InvalidRequest(
                param,
                InvalidRequest.INVALID_IMAGE,
                "'" + param + "' is an image of more than " + most + " bytes, the limit.",
                "Send a smaller one: scale it down, or save it as JPEG.");
    }
}
