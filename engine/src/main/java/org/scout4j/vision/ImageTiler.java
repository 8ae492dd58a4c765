package org.scout4j.vision;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.scout4j.cache.ImageKey;

/**
 * Cuts pictures into tiles (spec "Model" §3.1).
 *
 * @param tileSize side of a tile in pixels
 */
public record ImageTiler(int tileSize) {
    public ImageTiler {
        if (tileSize < 1) {
            throw new IllegalArgumentException("tiles of " + tileSize + " pixels");
        }
    }

    /**
     * The picture's tiles.
     *
     * @param mostTiles of the canvas, the global tile apart
     */
    public ImageTiles tiles(Picture picture, int mostTiles) {
        Canvas canvas = Canvas.of(picture.width(), picture.height(), tileSize, mostTiles);
        byte[] pixels = new byte[Math.toIntExact(tileBytes(canvas))];
        byte[] resized = Resampling.resize(picture, canvas.width(), canvas.height());
        for (int row = 0; row < canvas.rows(); row++) {
            for (int column = 0; column < canvas.columns(); column++) {
                cut(resized, canvas, row, column, pixels);
            }
        }
        if (canvas.tiles() > 1) {
            byte[] whole = Resampling.resize(picture, tileSize, tileSize);
            Canvas single = new Canvas(1, 1, tileSize, tileSize);
            planes(whole, single, 0, 0, pixels, (canvas.tiles() - 1) * bytesPerTile());
        }
        ImageKey key = key(canvas, pixels);
        return new ImageTiles(canvas.rows(), canvas.columns(), tileSize, pixels, key);
    }

    /** Bytes of the tiles of a canvas. */
    long tileBytes(Canvas canvas) {
        return (long) canvas.tiles() * bytesPerTile();
    }

    /** Most bytes that {@link #tiles} holds at one time beside the picture and its result. */
    long workBytes(int height, Canvas canvas) {
        long onCanvas = Resampling.bytes(height, canvas.width(), canvas.height());
        long global = canvas.tiles() == 1 ? 0 : Resampling.bytes(height, tileSize, tileSize);
        return onCanvas + global;
    }

    private int bytesPerTile() {
        return Math.multiplyExact(3 * tileSize, tileSize);
    }

    private void cut(byte[] resized, Canvas canvas, int row, int column, byte[] pixels) {
        int tile = row * canvas.columns() + column;
        planes(resized, canvas, row * tileSize, column * tileSize, pixels, tile * bytesPerTile());
    }

    /** Copies what the picture has of a tile as three planes; what it has not stays black. */
    private void planes(byte[] rgb, Canvas canvas, int top, int left, byte[] pixels, int to) {
        int height = Math.min(tileSize, canvas.height() - top);
        int width = Math.min(tileSize, canvas.width() - left);
        int plane = tileSize * tileSize;
        for (int y = 0; y < height; y++) {
            int source = 3 * ((top + y) * canvas.width() + left);
            int target = to + y * tileSize;
            for (int x = 0; x < width; x++, source += 3) {
                pixels[target + x] = rgb[source];
                pixels[target + x + plane] = rgb[source + 1];
                pixels[target + x + 2 * plane] = rgb[source + 2];
            }
        }
    }

    /** Of the shape too: equal bytes of another shape are another image. */
    private ImageKey key(Canvas canvas, byte[] pixels) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        ByteBuffer shape = ByteBuffer.allocate(3 * Integer.BYTES);
        shape.putInt(tileSize).putInt(canvas.rows()).putInt(canvas.columns());
        digest.update(shape.array());
        return ImageKey.of(digest.digest(pixels));
    }
}
