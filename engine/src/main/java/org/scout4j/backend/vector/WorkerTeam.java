package org.scout4j.backend.vector;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the chunks of one piece of work at a time; the calling thread takes part.
 *
 * <p>Chunks are claimed one by one, not dealt out, and a piece of work ends when all its chunks are
 * done, not when all workers have come: one that the system has taken off its core without a chunk
 * delays nobody. Between pieces workers spin briefly, as the next piece usually follows within
 * microseconds, then park.
 */
final class WorkerTeam implements AutoCloseable {

    /** What is done for each chunk. */
    interface Work {

        /**
         * @param chunk which chunk
         * @param worker index of the thread that does it, less than {@link WorkerTeam#size}: the
         *     owner of scratch memory
         */
        void run(int chunk, int worker);
    }

    private static final long SPIN_NANOS = 30_000;

    private final Worker[] workers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Region current;
    private volatile boolean closed;

    /**
     * @param size threads, the caller included
     */
    WorkerTeam(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a team of " + size);
        }
        workers = new Worker[size - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].thread.start();
        }
    }

    /** Threads, the caller included. */
    int size() {
        return workers.length + 1;
    }

    /**
     * Does chunks 0 … {@code chunks − 1} in any order and returns when all are done. What chunks
     * wrote is visible then.
     *
     * @throws RuntimeException what the first failing chunk threw; chunks not begun by then are
     *     left out
     * @throws IllegalStateException if the team is closed or already at work
     */
    void run(int chunks, Work work) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("one piece of work at a time");
        }
        try {
            if (closed) {
                throw new IllegalStateException("the backend is closed");
            }
            if (chunks == 1 || workers.length == 0) {
                for (int chunk = 0; chunk < chunks; chunk++) {
                    work.run(chunk, 0);
                }
            } else if (chunks > 1) {
                share(new Region(chunks, work));
            }
        } finally {
            busy.set(false);
        }
    }

    private void share(Region region) {
        current = region;
        // A worker sets its flag before it looks at current for the last time, and we look at the
        // flag after setting current: one of the two sees the other.
        int helpers = Math.min(workers.length, region.chunks - 1);
        for (int i = 0; i < helpers; i++) {
            if (workers[i].parked) {
                LockSupport.unpark(workers[i].thread);
            }
        }
        region.help(0);
        region.await();
        region.rethrow();
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
        boolean interrupted = false;
        for (Worker worker : workers) {
            while (worker.thread.isAlive()) {
                try {
                    worker.thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        current = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One piece of work. */
    private static final class Region {
        final int chunks;
        final Work work;
        final AtomicInteger claimed = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        volatile @Nullable Throwable failure;
        volatile @Nullable Thread waiting;

        Region(int chunks, Work work) {
            this.chunks = chunks;
            this.work = work;
        }

        /** Does chunks until none is left to claim. */
        void help(int worker) {
            while (true) {
                int chunk = claimed.get() < chunks ? claimed.getAndIncrement() : chunks;
                if (chunk >= chunks) {
                    return;
                }
                try {
                    if (failure == null) {
                        work.run(chunk, worker);
                    }
                } catch (RuntimeException | Error e) {
                    fail(e);
                }
                if (done.incrementAndGet() == chunks) {
                    LockSupport.unpark(waiting);
                }
            }
        }

        private synchronized void fail(Throwable e) {
            Throwable first = failure;
            if (first == null) {
                failure = e;
            } else if (first != e) {
                first.addSuppressed(e);
            }
        }

        /** Waits for the chunks that others have claimed. */
        void await() {
            long start = System.nanoTime();
            while (done.get() < chunks) {
                if (System.nanoTime() - start < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    waiting = Thread.currentThread();
                    if (done.get() < chunks) {
                        LockSupport.park(this);
                    }
                }
            }
        }

        void rethrow() {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    /** One thread of the team. */
    private final class Worker implements Runnable {
        final Thread thread;
        private final int index;
        volatile boolean parked;

        Worker(int index) {
            this.index = index;
            this.thread =
                    Thread.ofPlatform().name("scout4j-worker-" + index).daemon().unstarted(this);
        }

        @Override
        public void run() {
            Region last = null;
            long idleSince = System.nanoTime();
            while (!closed) {
                Region region = current;
                if (region != null && region != last) {
                    region.help(index);
                    last = region;
                    idleSince = System.nanoTime();
                } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (current == region && !closed) {
                        LockSupport.park(this);
                    }
                    parked = false;
                }
            }
        }
    }
}
