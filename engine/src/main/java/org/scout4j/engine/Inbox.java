package org.scout4j.engine;

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
     * Hands a generation over.
     *
     * @return false if there are as many as may be
     * @throws EngineClosed if the loop will not look any more
     */
    boolean offer(LiveGeneration generation) {
        throwIfClosed();
        if (unfinished.incrementAndGet() > capacity) {
            unfinished.decrementAndGet();
            return false;
        }
        arrivals.add(generation);
        LockSupport.unpark(reader);
        // Either the loop's last look found the generation, or this look finds the loop gone.
        throwIfClosed();
        return true;
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

    /** Waits for an arrival or for the wish to close. For the loop. */
    void await() {
        reader = Thread.currentThread();
        while (arrivals.isEmpty() && !closing) {
            LockSupport.park(this);
            Thread.interrupted(); // nobody's business here; kept, it would turn parking into
            // spinning
        }
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
