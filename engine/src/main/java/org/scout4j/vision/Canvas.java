package org.scout4j.vision;

/**
 * The canvas that an image is put on (spec "Model" §3.1): so many tiles, and the size that the
 * image takes in its top left corner. The rest is black.
 *
 * @param rows of tiles
 * @param columns of tiles
 * @param width of the image on the canvas, in pixels
 * @param height of the image on the canvas, in pixels
 */
public record Canvas(int rows, int columns, int width, int height) {

    /**
     * The canvas for an image of this size. Among those of at most {@code mostTiles} tiles it is
     * the one that enlarges least; if the image must shrink on all, the one that shrinks it least.
     *
     * @param width of the image, at least one
     * @param height of the image, at least one
     * @param tileSize side of a tile in pixels
     * @param mostTiles at least one, the global tile apart
     */
    public static Canvas of(int width, int height, int tileSize, int mostTiles) {
        if (width < 1 || height < 1 || tileSize < 1 || mostTiles < 1) {
            throw new IllegalArgumentException("a canvas of nothing");
        }
        int bestRows = 1;
        int bestColumns = 1;
        float best = scale(width, height, tileSize, 1, 1);
        for (int rows = 1; rows <= mostTiles; rows++) {
            for (int columns = 1; columns <= mostTiles / rows; columns++) {
                float scale = scale(width, height, tileSize, rows, columns);
                boolean smallerOfEqual = scale == best && rows * columns < bestRows * bestColumns;
                if (better(scale, best) || smallerOfEqual) {
                    best = scale;
                    bestRows = rows;
                    bestColumns = columns;
                }
            }
        }
        return fitted(width, height, tileSize, bestRows, bestColumns);
    }

    /** Tiles, the global one included. */
    public int tiles() {
        return tiles(rows, columns);
    }

    /** Tiles of a canvas of so many rows and columns, the global one included. */
    static int tiles(int rows, int columns) {
        return rows * columns == 1 ? 1 : rows * columns + 1;
    }

    /** In float32, as the reference has it: rounding decides between canvases. */
    private static float scale(int width, int height, int tileSize, int rows, int columns) {
        float vertical = (float) (rows * tileSize) / height;
        float horizontal = (float) (columns * tileSize) / width;
        return Math.min(vertical, horizontal);
    }

    private static boolean better(float scale, float best) {
        if (scale >= 1) {
            return best < 1 || scale < best;
        }
        return best < 1 && scale > best;
    }

    /** In double; never enlarges past one tile's side. */
    private static Canvas fitted(int width, int height, int tileSize, int rows, int columns) {
        int mostWidth = Math.min(Math.max(width, tileSize), columns * tileSize);
        int mostHeight = Math.min(Math.max(height, tileSize), rows * tileSize);
        double horizontal = (double) mostWidth / width;
        double vertical = (double) mostHeight / height;
        int newWidth = mostWidth;
        int newHeight = mostHeight;
        if (horizontal < vertical) {
            newHeight = (int) Math.min(Math.floor(height * horizontal), mostHeight);
        } else {
            newWidth = (int) Math.min(Math.floor(width * vertical), mostWidth);
        }
        return new Canvas(rows, columns, Math.max(newWidth, 1), Math.max(newHeight, 1));
    }
}
