package org.scout4j.engine;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.EngineClosed;

/**
 * Where generations pass from their submitters to the engine's loop. It counts them until they end,
 * which bounds all that an engine may hold; nobody waits in it but an idle loop.
 */
final class Inbox {
    private final int capacity;
    private final Queue<LiveGeneration> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile @Nullable Thread reader;
    private volatile boolean closing;
    private volatile boolean woken;
    private volatile @Nullable Closed closed;

    /** Why nothing is computed any more. */
    private record Closed(String message, @Nullable Throwable cause) {
        EngineClosed exception() {
            return new EngineClosed(message, cause);
        }
    }

    /**
     * Makes an open inbox.
     *
     * @param capacity most generations that are accepted and have not ended
     */
    Inbox(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Hands generations over, all or none.
     *
     * @param most how many may be unfinished before, so that these are accepted
     * @return false if there are more, or would be more than the capacity
     * @throws EngineClosed if the loop will not look any more
     */
    boolean offer(List<LiveGeneration> generations, int most) {
        throwIfClosed();
        int count = generations.size();
        int after = unfinished.addAndGet(count);
        if (after > capacity || after - count > most) {
            unfinished.addAndGet(-count);
            return false;
        }
        arrivals.addAll(generations);
        LockSupport.unpark(reader);
        // Either the loop's last look found the generations, or this look finds the loop gone.
        throwIfClosed();
        return true;
    }

    /** Most generations that are accepted and have not ended. */
    int capacity() {
        return capacity;
    }

    private void throwIfClosed() {
        Closed reason = closed;
        if (reason != null) {
            throw reason.exception();
        }
    }

    /** The next arrival, if there is one. For the loop. */
    @Nullable LiveGeneration poll() {
        return arrivals.poll();
    }

    /**
     * Waits for an arrival, a {@link #wake} or the wish to close, but no longer than so many
     * nanoseconds. For the loop.
     */
    void await(long nanos) {
        reader = Thread.currentThread();
        long start = System.nanoTime();
        while (arrivals.isEmpty() && !closing && !woken) {
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, left);
            Thread.interrupted(); // nobody's business here; kept, it would turn parking into
            // spinning
        }
        woken = false; // what it was about is looked at after this
    }

    /** The loop should look at its generations: a reader has cancelled or caught up. */
    void wake() {
        woken = true;
        LockSupport.unpark(reader);
    }

    /** Makes room: a generation has ended. For the loop. */
    void ended() {
        unfinished.decrementAndGet();
    }

    /** Asks the loop to end. */
    void close() {
        closing = true;
        LockSupport.unpark(reader);
    }

    /** Whether the loop was asked to end. */
    boolean closing() {
        return closing;
    }

    /**
     * Refuses everything from now on. For the loop when it ends; what has arrived until now it must
     * still fail.
     *
     * @param cause what ended the loop, if it was not asked to end
     */
    void closed(String message, @Nullable Throwable cause) {
        closed = new Closed(message, cause);
    }

    /** The exception for a generation that the closed engine leaves behind. */
    EngineClosed exception() {
        Closed reason = closed;
        if (reason == null) {
            throw new IllegalStateException("the engine is open");
        }
        return reason.exception();
    }
}
