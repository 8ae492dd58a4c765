package org.scout4j.vision;

import java.util.Arrays;

/** Arithmetic of single samples, to the bit as Pillow has it. */
final class Pixels {
    private Pixels() {}

    /** What a sample looks like with this alpha on white. */
    static byte onWhite(int sample, int alpha) {
        int sum = (sample * alpha + 255 * (255 - alpha)) << 7;
        int rounded = sum + (0x80 << 7);
        return (byte) (((rounded >> 8) + rounded) >> 8 >> 7);
    }

    /** The product of two levels as a level. */
    static int product(int a, int b) {
        int rounded = a * b + 128;
        return ((rounded >> 8) + rounded) >> 8;
    }

    /** The nearest level. */
    static int level(int value) {
        return Math.clamp(value, 0, 255);
    }

    /** Three bytes a pixel, all white. */
    static byte[] white(long pixels) {
        byte[] rgb = new byte[Math.toIntExact(3 * pixels)];
        Arrays.fill(rgb, (byte) 255);
        return rgb;
    }
}
