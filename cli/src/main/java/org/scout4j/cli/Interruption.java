package org.scout4j.cli;

import java.time.Duration;
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
    private @Nullable Runnable stop;
    private boolean raised;

    /** Registers how to stop what begins now, until the result is closed. */
    synchronized Registration onRaise(Runnable action) {
        if (raised) {
            action.run();
        }
        stop = action;
        return () -> {
            synchronized (this) {
                stop = null;
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
    synchronized boolean raise() {
        raised = true;
        if (stop == null) {
            return false;
        }
        stop.run();
        return true;
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
        if (!raise()) {
            return;
        }
        try {
            // In time or not, the process ends now.
            ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
