package org.scout4j.vision;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.Cancelled;
import org.scout4j.error.EngineClosed;
import org.scout4j.error.Overloaded;

/**
 * The few threads that decode and tile. Callers wait: a virtual one occupies no carrier meanwhile,
 * so that large images keep no other connection from being served. Threads end when idle.
 */
final class DecodeThreads implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final ThreadPoolExecutor threads;

    DecodeThreads(int count) {
        threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        IDLE.toNanos(),
                        TimeUnit.NANOSECONDS,
                        new PriorityBlockingQueue<>(),
                        Thread.ofPlatform().name("image-decode-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** A part of the work on an image. */
    interface Work<T> {
        T result() throws ImageRefused;
    }

    /**
     * Does work on one of the threads. Small work may overtake large work: its turn is the time of
     * its arrival and the time that it takes together, so nothing is overtaken for ever. When this
     * returns or throws, the work has ended.
     *
     * @param nanos what the work may take, as an estimate
     * @param allowance is told when the caller is interrupted
     * @throws Cancelled if the caller was interrupted
     * @throws EngineClosed if this is closed
     * @throws Overloaded if the heap had no room for the work
     */
    <T> T call(long nanos, Allowance allowance, Work<T> work) throws ImageRefused {
        Job<T> job = new Job<>(System.nanoTime() + nanos, work);
        try {
            threads.execute(job);
        } catch (RejectedExecutionException closed) {
            throw closed();
        }
        boolean interrupted = false;
        while (!job.hasEnded()) {
            try {
                job.ended.await();
            } catch (InterruptedException e) {
                interrupted = true;
                allowance.drop();
                if (threads.remove(job)) {
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new Cancelled();
        }
        return job.result();
    }

    private static EngineClosed closed() {
        return new EngineClosed("The model was closed while an image was read.", null);
    }

    @Override
    public void close() {
        for (Runnable waiting : threads.shutdownNow()) {
            ((Job<?>) waiting).fail(closed());
        }
    }

    /** Work with a turn and an end. */
    private static final class Job<T> implements Runnable, Comparable<Job<?>> {
        private final long turn;
        private final Work<T> work;
        private final CountDownLatch ended = new CountDownLatch(1);
        private @Nullable T result;
        private @Nullable Throwable failure;

        Job(long turn, Work<T> work) {
            this.turn = turn;
            this.work = work;
        }

        @Override
        public void run() {
            try {
                result = work.result();
                ended.countDown();
            } catch (OutOfMemoryError full) {
                fail(new Overloaded("The heap has no room for the pixels of an image.", RETRY));
            } catch (ImageRefused | RuntimeException | Error failed) {
                fail(failed);
            }
        }

        void fail(Throwable cause) {
            failure = cause;
            ended.countDown();
        }

        boolean hasEnded() {
            return ended.getCount() == 0;
        }

        T result() throws ImageRefused {
            switch (failure) {
                case null -> {}
                case ImageRefused refused -> throw refused;
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                default -> throw new IllegalStateException("work failed", failure);
            }
            if (result == null) {
                throw new IllegalStateException("work without a result");
            }
            return result;
        }

        @Override
        public int compareTo(Job<?> other) {
            return Long.compare(turn - other.turn, 0);
        }
    }
}
