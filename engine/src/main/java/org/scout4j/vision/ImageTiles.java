package org.scout4j.vision;

import org.scout4j.cache.ImageKey;

/**
 * An image as the vision tower takes it (spec "Model" §3.1): the tiles of its canvas in row-major
 * order and, if there are several, the global tile last.
 *
 * @param rows of tiles on the canvas
 * @param columns of tiles on the canvas
 * @param size side of a tile in pixels
 * @param pixels {@code [tile, channel, size, size]}; the tower sees {@code (u / 255 - 0.5) / 0.5}
 * @param key what the tiles show, as a digest of 256 bits
 */
@SuppressWarnings("ArrayRecordComponent") // millions of bytes; the key stands for them
public record ImageTiles(int rows, int columns, int size, byte[] pixels, ImageKey key) {
    public ImageTiles {
        if (rows < 1
                || columns < 1
                || pixels.length != 3L * size * size * Canvas.tiles(rows, columns)) {
            throw new IllegalArgumentException(
                    pixels.length + " bytes for " + rows + " by " + columns + " tiles of " + size);
        }
    }

    /** Tiles, the global one included. */
    public int count() {
        return Canvas.tiles(rows, columns);
    }
}
