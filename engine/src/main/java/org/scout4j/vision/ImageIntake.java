package org.scout4j.vision;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.scout4j.error.Cancelled;
import org.scout4j.error.Overloaded;

/**
 * Where images come in: files become tiles, and the memory that this takes comes from one budget
 * that all requests share. Who finds it spent waits in turn, for a limited time. Safe for many
 * threads.
 */
public final class ImageIntake {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** The unit of the budget in bytes, so that its size is an int. */
    private static final int UNIT = 1 << 12;

    private final ImageTiler tiler;
    private final ImageDecoder decoder;
    private final Duration longestWait;
    private final int budget;
    private final Semaphore free;

    /**
     * @param tileSize side of a tile in pixels
     */
    public ImageIntake(int tileSize, ImageLimits limits) {
        this(tileSize, limits, LONGEST_WAIT);
    }

    ImageIntake(int tileSize, ImageLimits limits, Duration longestWait) {
        this.tiler = new ImageTiler(tileSize);
        this.decoder = new ImageDecoder(limits);
        this.longestWait = longestWait;
        this.budget = (int) Math.min(Integer.MAX_VALUE, limits.memory() / UNIT);
        this.free = new Semaphore(budget, true);
    }

    /** The images of one request. */
    public RequestImages begin() {
        return new RequestImages(this);
    }

    /** Bytes of the budget that nobody holds. */
    public long freeBytes() {
        return (long) free.availablePermits() * UNIT;
    }

    /**
     * The canvas that an image would be put on, from the head of its file: nothing is decoded.
     *
     * @param mostTiles of the canvas, the global tile apart
     * @throws ImageRefused if the file is no image, or its head names more than is allowed
     */
    public Canvas canvas(byte[] file, int mostTiles) throws ImageRefused {
        return canvas(decoder.inspect(file), mostTiles);
    }

    private Canvas canvas(ImageFile image, int mostTiles) {
        boolean swapped = image.orientation().swapsSides();
        int width = swapped ? image.height() : image.width();
        int height = swapped ? image.width() : image.height();
        return Canvas.of(width, height, tiler.tileSize(), mostTiles);
    }

    /**
     * Reads an image of a request that holds {@code held} units for its tiles.
     *
     * @return the tiles, for which {@link #units(ImageTiles)} stay taken
     */
    ImageTiles read(byte[] file, int mostTiles, int held) throws ImageRefused {
        ImageFile image = decoder.inspect(file);
        Canvas canvas = canvas(image, mostTiles);
        int height = image.orientation().swapsSides() ? image.width() : image.height();
        long kept = tiler.tileBytes(canvas);
        long tiling = 3 * image.pixels() + tiler.workBytes(height, canvas) + kept;
        long peak = Math.max(ImageDecoder.workBytes(image), tiling);
        long taken = units(peak);
        if (taken + held > budget) {
            throw Refusal.tooMuchMemory((taken + held) * UNIT, (long) budget * UNIT);
        }
        take((int) taken);
        int surplus = (int) taken;
        try {
            ImageTiles tiles = tiler.tiles(ImageDecoder.decode(image), mostTiles);
            surplus -= units(tiles);
            return tiles;
        } finally {
            free.release(surplus);
        }
    }

    /** What an image's tiles take of the budget. */
    static int units(ImageTiles tiles) {
        return (int) units(tiles.pixels().length);
    }

    private static long units(long bytes) {
        return (bytes + UNIT - 1) / UNIT;
    }

    /**
     * Requests may wait for each other here, each with tiles that the other wants the memory of;
     * the limit of time ends that.
     */
    private void take(int units) {
        boolean taken;
        try {
            taken = free.tryAcquire(units, longestWait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled();
        }
        if (!taken) {
            throw new Overloaded(
                    "Images of other requests held the memory for pixels for "
                            + longestWait.toSeconds()
                            + " s.",
                    LONGEST_WAIT);
        }
    }

    /** Gives units back. */
    void release(int units) {
        free.release(units);
    }
}
