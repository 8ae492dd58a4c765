package org.scout4j.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C as a command meets it: work that can be stopped registers how, and then ends in its own
 * way. Without such work the process just ends. Thread-safe.
 */
final class Interruption {
    /** How long the process waits for the command to print what it has. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Work work;
    private boolean raised;

    private record Work(Runnable stop, Duration patience) {}

    /** Registers how to stop what begins now, until the result is closed. */
    Registration onRaise(Runnable action) {
        return onRaise(action, PATIENCE);
    }

    /**
     * Registers how to stop what begins now, until the result is closed.
     *
     * @param patience how long the process waits for its end
     */
    synchronized Registration onRaise(Runnable action, Duration patience) {
        if (raised) {
            action.run();
        }
        Work before = work;
        work = new Work(action, patience);
        return () -> {
            synchronized (this) {
                work = before;
            }
        };
    }

    /** The end of stoppable work. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    synchronized boolean raised() {
        return raised;
    }

    /**
     * Stops the work that is registered.
     *
     * @return whether there was any
     */
    boolean raise() {
        return stopWork().isPresent();
    }

    /** Stops the work; how long to wait for its end. */
    private synchronized Optional<Duration> stopWork() {
        raised = true;
        if (work == null) {
            return Optional.empty();
        }
        work.stop.run();
        return Optional.of(work.patience);
    }

    /** The command has ended. */
    void end() {
        ended.countDown();
    }

    /**
     * For the shutdown hook: the JVM runs it on Ctrl-C and TERM, and ends with 130 or 143 when it
     * returns.
     */
    void raiseAndAwaitEnd() {
        Optional<Duration> patience = stopWork();
        if (patience.isEmpty()) {
            return;
        }
        try {
            // In time or not, the process ends now.
            ended.await(patience.get().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
