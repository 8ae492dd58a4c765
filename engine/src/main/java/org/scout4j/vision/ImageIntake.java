package org.scout4j.vision;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.scout4j.error.Cancelled;
import org.scout4j.error.Overloaded;

/**
 * Where images come in: files become tiles, on a few threads of their own, and the memory that this
 * takes comes from one budget that all requests share. Who finds it spent waits in turn, for a
 * limited time. Safe for many threads.
 */
public final class ImageIntake implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** The unit of the budget in bytes, so that its size is an int. */
    private static final int UNIT = 1 << 12;

    /** Time that a pixel takes, for the order of turns. */
    private static final long NANOS_A_PIXEL = 100;

    private final ImageTiler tiler;
    private final ImageDecoder decoder;
    private final Duration longestWait;
    private final int budget;
    private final Semaphore free;
    private final DecodeThreads threads;

    /**
     * Of the memory that the limits allow it takes half of the heap at most.
     *
     * @param tileSize side of a tile in pixels
     */
    public ImageIntake(int tileSize, ImageLimits limits) {
        this(tileSize, limits, LONGEST_WAIT);
    }

    ImageIntake(int tileSize, ImageLimits limits, Duration longestWait) {
        this.tiler = new ImageTiler(tileSize);
        this.decoder = new ImageDecoder(limits);
        this.longestWait = longestWait;
        this.budget = (int) Math.min(Integer.MAX_VALUE, memory(limits) / UNIT);
        this.free = new Semaphore(budget, true);
        this.threads = new DecodeThreads(Math.max(1, processors() / 2));
    }

    private static long memory(ImageLimits limits) {
        return Math.min(limits.memory(), Runtime.getRuntime().maxMemory() / 2);
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** The images of one request. */
    public RequestImages begin() {
        return new RequestImages(this);
    }

    /** Bytes of the budget that nobody holds. */
    public long freeBytes() {
        return (long) free.availablePermits() * UNIT;
    }

    /** Bytes of the budget that images of requests hold, files being read and tiles. */
    public long usedBytes() {
        return (long) budget * UNIT - freeBytes();
    }

    /**
     * The canvas that an image would be put on, from the head of its file: nothing is decoded.
     *
     * @param mostTiles of the canvas, the global tile apart
     * @throws ImageRefused if the file is no image, or its head names more than is allowed
     * @throws Overloaded if the memory for its walk was not free in time
     * @throws Cancelled if the thread was interrupted while it waited
     */
    public Canvas canvas(byte[] file, int mostTiles) throws ImageRefused {
        decoder.checkLength(file);
        long until = System.nanoTime() + longestWait.toNanos();
        int taken = take(ImageDecoder.inspectBytes(file), 0, 0, until);
        try {
            return threads.call(0, new Allowance(), () -> canvas(decoder.inspect(file), mostTiles));
        } finally {
            free.release(taken);
        }
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
        decoder.checkLength(file);
        Allowance allowance = new Allowance();
        long until = System.nanoTime() + longestWait.toNanos();
        int taken = take(ImageDecoder.inspectBytes(file), 0, held, until);
        try {
            ImageFile image = threads.call(0, allowance, () -> decoder.inspect(file));
            taken += take(peak(image, mostTiles), taken, held, until);
            ImageTiles tiles =
                    threads.call(
                            image.pixels() * NANOS_A_PIXEL,
                            allowance,
                            () -> tiler.tiles(ImageDecoder.decode(image, allowance), mostTiles));
            taken -= units(tiles);
            return tiles;
        } finally {
            free.release(taken);
        }
    }

    /** Most bytes that decoding and tiling hold at one time. */
    private long peak(ImageFile image, int mostTiles) {
        Canvas canvas = canvas(image, mostTiles);
        int height = image.orientation().swapsSides() ? image.width() : image.height();
        long kept = tiler.tileBytes(canvas);
        long tiling = 3 * image.pixels() + tiler.workBytes(height, canvas) + kept;
        return Math.max(ImageDecoder.workBytes(image), tiling);
    }

    /** What an image's tiles take of the budget. */
    static int units(ImageTiles tiles) {
        return (int) units(tiles.pixels().length);
    }

    private static long units(long bytes) {
        return (bytes + UNIT - 1) / UNIT;
    }

    /**
     * Takes what is missing. Requests may wait for each other here, each with tiles that the other
     * wants the memory of; the limit of time ends that.
     *
     * @param has units that this image has already
     * @param held units of the request's tiles
     * @return units taken in addition
     */
    private int take(long bytes, int has, int held, long until) throws ImageRefused {
        long wanted = units(bytes);
        if (wanted + held > budget) {
            throw Refusal.tooMuchMemory((wanted + held) * UNIT, (long) budget * UNIT);
        }
        int missing = Math.max(0, (int) wanted - has);
        boolean taken;
        try {
            taken =
                    free.tryAcquire(
                            missing, Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
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
        return missing;
    }

    /** Gives units back. */
    void release(int units) {
        free.release(units);
    }

    /** Ends its threads. What waits for one fails; what is being decoded ends in its time. */
    @Override
    public void close() {
        threads.close();
    }
}
