package org.scout4j.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Events as one chunked reply. What fills silence is written by another thread; the lock keeps it
 * out of the middle of an event. A write that is stuck ends when the connection is closed for it.
 */
final class ChunkedEvents implements EventStream {
    private final OutputStream out;
    private final byte[] comment;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long writtenAt = System.nanoTime();
    private final BooleanSupplier clientGone;
    private volatile boolean closed;
    private volatile boolean left;
    private boolean begun; // guarded by the lock

    /**
     * Begins a stream.
     *
     * @param keepAlive comment that fills silence
     * @param clientGone whether the client has closed the connection
     */
    ChunkedEvents(OutputStream out, String keepAlive, BooleanSupplier clientGone) {
        this.out = out;
        this.clientGone = clientGone;
        this.comment = (": " + keepAlive + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void send(String data) {
        if (data.indexOf('\n') >= 0 || data.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("an event's data is one line");
        }
        write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the stream has ended");
            }
            // Asked before: who closes on reading the last event has not left early.
            left = clientGone.getAsBoolean();
            begun = true;
            out.write(bytes);
            out.flush();
            writtenAt = System.nanoTime();
        } catch (IOException | RuntimeException e) {
            closed = true;
            left = true;
            throw new ClientGone();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing was written for {@code limit}. */
    boolean silentFor(Duration limit, long nowNanos) {
        return nowNanos - writtenAt >= limit.toNanos();
    }

    /** Fills silence, unless an event is being written or the stream has ended. */
    void fillSilence() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!closed) {
                write(comment);
            }
        } catch (ClientGone gone) {
            // Whoever sends next meets it too.
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing more is written. */
    boolean ended() {
        return closed;
    }

    /** Whether the client had left before the last event was written. */
    boolean left() {
        return left;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                left = begun ? left : clientGone.getAsBoolean();
                out.close();
            }
        } catch (IOException | RuntimeException e) {
            left |= !begun; // all events are written; what fails is the end of the chunks
        } finally {
            lock.unlock();
        }
    }
}
