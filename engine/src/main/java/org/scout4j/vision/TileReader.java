package org.scout4j.vision;

import org.scout4j.checkpoint.VisionShape;

/** Cuts tiles into patches and brings their pixels to what the tower takes (spec "Model" §3.3). */
final class TileReader {
    private static final int CHANNELS = 3;

    private final VisionShape shape;

    /** {@code (u / 255 - 0.5) / 0.5} of each byte. */
    private final float[] levels = new float[256];

    TileReader(VisionShape shape) {
        this.shape = shape;
        for (int u = 0; u < levels.length; u++) {
            levels[u] = (u / 255f - 0.5f) / 0.5f;
        }
    }

    /**
     * Writes a tile's patches, [patches, channel, row, column], from {@code at} on.
     *
     * @throws IllegalArgumentException if the tile is of another size than the tower's
     */
    void read(VisionEncoder.Tile tile, float[] out, int at) {
        ImageTiles image = tile.image();
        int size = shape.imageSize();
        if (image.size() != size || tile.number() < 0 || tile.number() >= image.count()) {
            throw new IllegalArgumentException(
                    "tile "
                            + tile.number()
                            + " of "
                            + image.count()
                            + " of size "
                            + image.size()
                            + " for a tower that takes "
                            + size);
        }
        int start = tile.number() * CHANNELS * size * size;
        int side = shape.patchSize();
        int patch = shape.patchValues();
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int y = 0; y < size; y++) {
                int line = start + (channel * size + y) * size;
                int to = at + y / side * shape.grid() * patch + (channel * side + y % side) * side;
                for (int x = 0; x < size; x++) {
                    int u = Byte.toUnsignedInt(image.pixels()[line + x]);
                    out[to + x / side * patch + x % side] = levels[u];
                }
            }
        }
    }
}
