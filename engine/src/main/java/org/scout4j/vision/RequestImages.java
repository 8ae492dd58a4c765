package org.scout4j.vision;

/**
 * The images of one request: their tiles count against the budget of {@link ImageIntake} until this
 * is closed. Closing is safe from any thread and more than once.
 */
public final class RequestImages implements AutoCloseable {
    private final ImageIntake intake;
    private int held;
    private boolean closed;

    RequestImages(ImageIntake intake) {
        this.intake = intake;
    }

    /**
     * Turns a file into tiles; waits while other requests hold the memory it needs. One thread at a
     * time calls it.
     *
     * @param mostTiles of the canvas, the global tile apart
     * @throws ImageRefused if the file is no image, or needs more memory than all requests have
     *     together, this request's earlier images counted
     * @throws org.scout4j.error.Overloaded if the memory was not free for 10 s
     * @throws org.scout4j.error.Cancelled if the thread was interrupted while it waited
     */
    public ImageTiles read(byte[] file, int mostTiles) throws ImageRefused {
        ImageTiles tiles = intake.read(file, mostTiles, held());
        keep(ImageIntake.units(tiles));
        return tiles;
    }

    private synchronized int held() {
        if (closed) {
            throw new IllegalStateException("the request has ended");
        }
        return held;
    }

    private synchronized void keep(int units) {
        if (closed) {
            intake.release(units);
        } else {
            held += units;
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            intake.release(held);
        }
    }
}
