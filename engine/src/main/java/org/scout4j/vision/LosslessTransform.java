package org.scout4j.vision;

/**
 * What an encoder did to all pixels of a lossless WebP image, and how it is undone.
 *
 * @param width of the image that the inverse makes
 * @param block of {@code PREDICTION} and {@code COLOUR}: the logarithm of the side of the squares
 *     that have a pixel of {@code data} each; of {@code PALETTE}: that of the pixels packed in one
 * @param data an image of parameters, or the colours
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LosslessTransform(Kind kind, int width, int block, int[] data) {
    private static final int OPAQUE = 0xFF000000;
    private static final int PAIRS = 0xFF00FF;

    /** In the order of their numbers in the file. */
    enum Kind {
        PREDICTION,
        COLOUR,
        GREEN,
        PALETTE
    }

    /** The width before the inverse. */
    int storedWidth() {
        return kind == Kind.PALETTE ? blocks() : width;
    }

    private int blocks() {
        return width + (1 << block) - 1 >> block;
    }

    /** Undoes it, in place unless the width changes. */
    int[] inverse(int[] pixels, int height) {
        switch (kind) {
            case PREDICTION -> addPrediction(pixels, height);
            case COLOUR -> addColours(pixels, height);
            case GREEN -> {
                for (int i = 0; i < pixels.length; i++) {
                    int green = pixels[i] >> 8 & 0xFF;
                    pixels[i] = sum(pixels[i], green << 16 | green);
                }
            }
            case PALETTE -> {
                return coloured(pixels, height);
            }
        }
        return pixels;
    }

    /** Of each of the four samples, modulo 256. */
    static int sum(int a, int b) {
        int odd = (a >>> 8 & PAIRS) + (b >>> 8 & PAIRS) & PAIRS;
        return odd << 8 | (a & PAIRS) + (b & PAIRS) & PAIRS;
    }

    private int[] coloured(int[] packed, int height) {
        int[] pixels = new int[Math.multiplyExact(width, height)];
        int bits = 8 >> block;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int shift = (x & (1 << block) - 1) * bits;
                int group = packed[y * blocks() + (x >> block)] >> 8 & 0xFF;
                int number = group >> shift & (1 << bits) - 1;
                pixels[y * width + x] = number < data.length ? data[number] : 0;
            }
        }
        return pixels;
    }

    private void addColours(int[] pixels, int height) {
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at++) {
                int factors = data[(y >> block) * blocks() + (x >> block)];
                int pixel = pixels[at];
                int green = (byte) (pixel >> 8);
                int red = (pixel >> 16) + ((byte) factors * green >> 5) & 0xFF;
                int blue = pixel + ((byte) (factors >> 8) * green >> 5);
                blue += (byte) (factors >> 16) * (byte) red >> 5;
                pixels[at] = pixel & 0xFF00FF00 | red << 16 | blue & 0xFF;
            }
        }
    }

    private void addPrediction(int[] pixels, int height) {
        pixels[0] = sum(pixels[0], OPAQUE);
        for (int x = 1; x < width; x++) {
            pixels[x] = sum(pixels[x], pixels[x - 1]);
        }
        for (int y = 1, at = width; y < height; y++) {
            pixels[at] = sum(pixels[at], pixels[at - width]);
            at++;
            for (int x = 1; x < width; x++, at++) {
                int mode = data[(y >> block) * blocks() + (x >> block)] >> 8 & 0xF;
                pixels[at] = sum(pixels[at], predicted(mode, pixels, at));
            }
        }
    }

    private int predicted(int mode, int[] pixels, int at) {
        int left = pixels[at - 1];
        int above = pixels[at - width];
        int aboveRight = pixels[at - width + 1];
        int aboveLeft = pixels[at - width - 1];
        return switch (mode) {
            case 1 -> left;
            case 2 -> above;
            case 3 -> aboveRight;
            case 4 -> aboveLeft;
            case 5 -> mean(mean(left, aboveRight), above);
            case 6 -> mean(left, aboveLeft);
            case 7 -> mean(left, above);
            case 8 -> mean(aboveLeft, above);
            case 9 -> mean(above, aboveRight);
            case 10 -> mean(mean(left, aboveLeft), mean(above, aboveRight));
            case 11 -> distance(above, aboveLeft) < distance(left, aboveLeft) ? left : above;
            case 12 -> gradient(left, above, aboveLeft);
            case 13 -> beyond(mean(left, above), aboveLeft);
            default -> OPAQUE;
        };
    }

    private static int mean(int a, int b) {
        return ((a ^ b) >>> 1 & 0x7F7F7F7F) + (a & b);
    }

    private static int distance(int a, int b) {
        int sum = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 8) {
            sum += Math.abs((a >>> shift & 0xFF) - (b >>> shift & 0xFF));
        }
        return sum;
    }

    private static int gradient(int a, int b, int c) {
        int all = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 8) {
            int value = (a >>> shift & 0xFF) + (b >>> shift & 0xFF) - (c >>> shift & 0xFF);
            all |= Pixels.level(value) << shift;
        }
        return all;
    }

    /** From {@code from} on over {@code mean}, half as far again. */
    private static int beyond(int mean, int from) {
        int all = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 8) {
            int value = mean >>> shift & 0xFF;
            all |= Pixels.level(value + (value - (from >>> shift & 0xFF)) / 2) << shift;
        }
        return all;
    }
}
