package org.scout4j.vision;

import java.util.List;
import org.scout4j.backend.Tensor;

/**
 * Turns tiles into rows of the decoder's embedding space. One thread calls it at a time. The rows
 * of a tile depend on that tile alone, bit for bit.
 */
public interface VisionEncoder {

    /** Rows that a tile becomes. */
    int tokensPerTile();

    /** Side of a tile in pixels. */
    int tileSize();

    /**
     * Encodes tiles.
     *
     * @param out receives the rows of tile i from row {@code firstRows[i]} on; its columns are the
     *     decoder's width
     */
    void encode(List<Tile> tiles, Tensor out, int[] firstRows);

    /**
     * One tile of an image.
     *
     * @param number from 0 in the order of {@link ImageTiles#pixels}
     */
    record Tile(ImageTiles image, int number) {}
}
