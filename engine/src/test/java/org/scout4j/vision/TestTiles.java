package org.scout4j.vision;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.scout4j.cache.ImageKey;

/** Tiles for tests, without a picture behind them. */
public final class TestTiles {
    private TestTiles() {}

    /** Tiles of given pixels. */
    public static ImageTiles of(int rows, int columns, int size, byte[] pixels) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(new byte[] {(byte) rows, (byte) columns});
            return new ImageTiles(rows, columns, size, pixels, ImageKey.of(sha.digest(pixels)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tiles of noise. */
    public static ImageTiles noise(int rows, int columns, int size, Random random) {
        int tiles = rows * columns == 1 ? 1 : rows * columns + 1;
        byte[] pixels = new byte[3 * size * size * tiles];
        random.nextBytes(pixels);
        return of(rows, columns, size, pixels);
    }
}
