package org.scout4j.chat;

/**
 * How many tokens an image takes and in which order (spec "Model" §3.4).
 *
 * @param rows of tiles
 * @param columns of tiles
 * @param patches tokens of each tile
 */
public record ImageLayout(int rows, int columns, int patches) {
    public ImageLayout {
        if (rows < 1 || columns < 1 || patches < 1) {
            throw new IllegalArgumentException("an image without tokens");
        }
    }

    /** Tiles, the global one included. */
    public int tiles() {
        return rows * columns == 1 ? 1 : rows * columns + 1;
    }

    /** All tokens: patches, separators, and the three around them. */
    public int tokens() {
        int separators = rows * columns == 1 ? 0 : rows * columns;
        return Math.addExact(Math.multiplyExact(tiles(), patches), separators + 3);
    }
}
