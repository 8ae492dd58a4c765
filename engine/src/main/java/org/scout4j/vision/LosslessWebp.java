package org.scout4j.vision;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;

/**
 * Decodes lossless WebP data. They are read here because libraries let a file repeat its
 * transforms, each a few bits long and a walk over all pixels, and have tables for 65,536 codes.
 */
final class LosslessWebp {
    /** Memory for prefix codes; those of encoders take a part of it. */
    static final int MOST_CODE_BYTES = 32 << 20;

    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int MOST_CACHE_BITS = 11;
    private static final int CACHE_FACTOR = 0x1E35A7BD;

    /** Neighbours by distance code, two digits each: rows up, and 8 less the columns back. */
    private static final String NEIGHBOURS =
            "1807171928062729161a262a38053739151b363a252b48044749141c353b"
                    + "464a242c58454b343c035759131d565a232d444c555b333d68026769121e"
                    + "666a222e545c434d656b323e78017779535d111f646c424e767a212f757b"
                    + "313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070";

    private static final int NEAR = NEIGHBOURS.length() / 2;

    /** Digits above 9 are letters. */
    private static final int DIGITS = 17;

    private final LosslessBits bits;
    private final Allowance allowance;
    private int codeBytes;

    private LosslessWebp(LosslessBits bits, Allowance allowance) {
        this.bits = bits;
        this.allowance = allowance;
    }

    /**
     * Decodes an image.
     *
     * @param bits they begin after the image's size
     * @return alpha, red, green and blue of each pixel, from the highest bits on
     * @throws IOException if its time is over
     */
    static int[] pixels(LosslessBits bits, int width, int height, Allowance allowance)
            throws ImageRefused, IOException {
        return new LosslessWebp(bits, allowance).whole(width, height);
    }

    private int[] whole(int width, int height) throws ImageRefused, IOException {
        Deque<LosslessTransform> transforms = new ArrayDeque<>();
        EnumSet<LosslessTransform.Kind> seen = EnumSet.noneOf(LosslessTransform.Kind.class);
        int stored = width;
        while (bits.flag()) {
            LosslessTransform.Kind kind = LosslessTransform.Kind.values()[bits.read(2)];
            if (!seen.add(kind)) {
                throw Refusal.damaged("WebP");
            }
            LosslessTransform transform = transform(kind, stored, height);
            transforms.push(transform);
            stored = transform.storedWidth();
        }
        int[] pixels = image(stored, height, true);
        for (LosslessTransform transform : transforms) {
            allowance.check();
            pixels = transform.inverse(pixels, height);
        }
        return pixels;
    }

    private LosslessTransform transform(LosslessTransform.Kind kind, int width, int height)
            throws ImageRefused, IOException {
        return switch (kind) {
            case PREDICTION, COLOUR -> {
                int block = bits.read(3) + 2;
                int[] data = image(blocks(width, block), blocks(height, block), false);
                yield new LosslessTransform(kind, width, block, data);
            }
            case GREEN -> new LosslessTransform(kind, width, 0, new int[0]);
            case PALETTE -> {
                int[] colours = image(bits.read(8) + 1, 1, false);
                for (int i = 1; i < colours.length; i++) {
                    colours[i] = LosslessTransform.sum(colours[i], colours[i - 1]);
                }
                int packed = colours.length <= 2 ? 3 : colours.length <= 4 ? 2 : 1;
                yield new LosslessTransform(
                        kind, width, colours.length <= 16 ? packed : 0, colours);
            }
        };
    }

    private static int blocks(int pixels, int block) {
        return pixels + (1 << block) - 1 >> block;
    }

    /** The codes of a part of an image. */
    private record Codes(
            LosslessCode green,
            LosslessCode red,
            LosslessCode blue,
            LosslessCode alpha,
            LosslessCode distance) {}

    private LosslessCode code(int alphabet) throws ImageRefused {
        LosslessCode code = LosslessCode.of(bits, alphabet);
        codeBytes += code.bytes();
        if (codeBytes > MOST_CODE_BYTES) {
            throw Refusal.unsupported("a WebP of very many codes");
        }
        return code;
    }

    /** Pixels before any transform; {@code main} images may have different codes in their parts. */
    private int[] image(int width, int height, boolean main) throws ImageRefused, IOException {
        int cacheBits = bits.flag() ? bits.read(4) : -1;
        if (cacheBits == 0 || cacheBits > MOST_CACHE_BITS) {
            throw Refusal.damaged("WebP");
        }
        int[] cache = new int[cacheBits < 0 ? 0 : 1 << cacheBits];
        int block = Integer.SIZE - 1;
        int[] parts = {0};
        if (main && bits.flag()) {
            block = bits.read(3) + 2;
            parts = image(blocks(width, block), blocks(height, block), false);
        }
        int most = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i] >> 8 & 0xFFFF;
            most = Math.max(most, parts[i]);
        }
        Codes[] codes = new Codes[most + 1];
        for (int i = 0; i < codes.length; i++) {
            allowance.check();
            codes[i] =
                    new Codes(
                            code(LITERALS + LENGTHS + cache.length),
                            code(LITERALS),
                            code(LITERALS),
                            code(LITERALS),
                            code(DISTANCES));
        }
        int[] pixels = new int[Math.multiplyExact(width, height)];
        fill(pixels, width, new Parts(parts, block, width, codes), cache);
        return pixels;
    }

    /** Which codes hold where. */
    private record Parts(int[] numbers, int block, int width, Codes[] codes) {
        Codes at(int x, int y) {
            if (codes.length == 1) {
                return codes[0];
            }
            return codes[numbers[(y >> block) * blocks(width, block) + (x >> block)]];
        }
    }

    private void fill(int[] pixels, int width, Parts parts, int[] cache)
            throws ImageRefused, IOException {
        int shift = Integer.SIZE - Integer.numberOfTrailingZeros(Math.max(cache.length, 1));
        int x = 0;
        int y = 0;
        int at = 0;
        while (at < pixels.length) {
            Codes codes = parts.at(x, y);
            int symbol = codes.green().read(bits);
            int count = 1;
            if (symbol < LITERALS) {
                int red = codes.red().read(bits);
                int blue = codes.blue().read(bits);
                int alpha = codes.alpha().read(bits);
                pixels[at] = alpha << 24 | red << 16 | symbol << 8 | blue;
            } else if (symbol < LITERALS + LENGTHS) {
                count = value(symbol - LITERALS);
                int distance = distance(value(codes.distance().read(bits)), width);
                if (distance > at || count > pixels.length - at) {
                    throw Refusal.damaged("WebP");
                }
                for (int i = at; i < at + count; i++) {
                    pixels[i] = pixels[i - distance];
                }
            } else {
                pixels[at] = cache[symbol - LITERALS - LENGTHS];
            }
            if (cache.length > 0) {
                for (int i = at; i < at + count; i++) {
                    cache[CACHE_FACTOR * pixels[i] >>> shift] = pixels[i];
                }
            }
            at += count;
            x += count;
            if (x >= width) {
                y += x / width;
                x %= width;
                allowance.check();
            }
        }
    }

    /** A length, or the code of a distance. */
    private int value(int prefix) throws ImageRefused {
        if (prefix < 4) {
            return prefix + 1;
        }
        int more = prefix - 2 >> 1;
        return (2 + (prefix & 1) << more) + bits.read(more) + 1;
    }

    private static int distance(int code, int width) {
        if (code > NEAR) {
            return code - NEAR;
        }
        int rows = Character.digit(NEIGHBOURS.charAt(2 * code - 2), DIGITS);
        int columns = 8 - Character.digit(NEIGHBOURS.charAt(2 * code - 1), DIGITS);
        return Math.max(1, rows * width + columns);
    }
}
