package org.scout4j.vision;

/** Colours by number, already on white. Numbers without a colour are black. */
final class Palette {
    private static final int COLOURS = 256;

    private final byte[] rgb = new byte[3 * COLOURS];

    /**
     * @param colours three bytes each
     * @param alpha of the first colours; the others are opaque
     */
    Palette(byte[] colours, byte[] alpha) {
        int count = Math.min(colours.length / 3, COLOURS);
        for (int i = 0; i < 3 * count; i++) {
            int opacity = i / 3 < alpha.length ? alpha[i / 3] & 0xFF : 255;
            rgb[i] = Pixels.onWhite(colours[i] & 0xFF, opacity);
        }
    }

    /** Writes a colour. */
    void put(int number, byte[] target, int to) {
        int from = 3 * (number & 0xFF);
        target[to] = rgb[from];
        target[to + 1] = rgb[from + 1];
        target[to + 2] = rgb[from + 2];
    }
}
