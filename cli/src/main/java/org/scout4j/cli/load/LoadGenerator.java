package org.scout4j.cli.load;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.scout4j.cli.load.LoadPlan.Arrivals;
import org.scout4j.cli.load.Workload.TokenRate;
import org.scout4j.cli.load.Workload.Work;

/**
 * Runs a plan against servers, one run after another. Each request has a virtual thread and a
 * connection; what is sent is made before its time counts. {@link #stop} may be called from any
 * thread.
 */
public final class LoadGenerator {
    /** Requests that warm a server up are of epochs that no run has: this one and those below. */
    private static final long WARMUP = -1;

    /**
     * A client that could not connect waits so long, lest a dead server be asked in a tight loop.
     */
    private static final long PAUSE_NANOS = 100_000_000;

    private final LoadPlan plan;
    private final Workload workload;
    private final Progress progress;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** Is told how a run goes, by one thread at a time. */
    public interface Progress {
        /**
         * A request has ended.
         *
         * @param ended how many have ended in this run
         * @param failed how many of them failed
         */
        void ended(int ended, int failed);
    }

    /** Makes a generator that has not been stopped. */
    public LoadGenerator(LoadPlan plan, Workload workload, Progress progress) {
        this.plan = plan;
        this.workload = workload;
        this.progress = progress;
    }

    /** Ends the run: requests under way are given up and do not count. */
    public void stop() {
        stopped = true;
        open.forEach(LoadGenerator::close);
    }

    /** Whether it was stopped. */
    public boolean stopped() {
        return stopped;
    }

    /**
     * Runs the plan once and waits for its end.
     *
     * @param epoch which run this is; runs of the same epoch send the same requests
     */
    public LoadRun run(Target target, String model, TokenRate rate, long epoch)
            throws InterruptedException {
        if (plan.warmup() > 0) {
            Pass warmup = new Pass(target, model, rate, WARMUP - epoch);
            warmup.closedLoop(warmupClients(), plan.warmup(), Long.MAX_VALUE);
        }
        Pass pass = new Pass(target, model, rate, epoch);
        long cpu = processorNanos();
        Lag lag = Lag.start();
        int most = plan.requests() == null ? Integer.MAX_VALUE : plan.requests();
        long room = plan.duration() == null ? Long.MAX_VALUE : plan.duration().toNanos();
        switch (plan.arrivals()) {
            case Arrivals.Clients clients -> pass.closedLoop(clients.count(), most, room);
            case Arrivals.Poisson poisson -> pass.openLoop(poisson.perSecond(), most, room);
        }
        double[] lags = lag.end();
        double cpuSeconds = (processorNanos() - cpu) / 1e9;
        List<Outcome> outcomes = new ArrayList<>(pass.outcomes);
        outcomes.sort(Comparator.comparingInt(Outcome::index));
        return new LoadRun(target, model, rate, outcomes, lags, cpuSeconds, stopped);
    }

    private int warmupClients() {
        return plan.arrivals() instanceof Arrivals.Clients clients
                ? Math.min(clients.count(), plan.warmup())
                : Math.min(8, plan.warmup());
    }

    private static long processorNanos() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed as far as anybody can tell.
        }
    }

    /** The requests of one run, or of its warming up. */
    private final class Pass {
        private final Target target;
        private final String model;
        private final TokenRate rate;
        private final long epoch;
        private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
        private final long zero = System.nanoTime();
        private int ended;
        private int failed;

        Pass(Target target, String model, TokenRate rate, long epoch) {
            this.target = target;
            this.model = model;
            this.rate = rate;
            this.epoch = epoch;
        }

        void closedLoop(int clients, int most, long roomNanos) throws InterruptedException {
            AtomicInteger next = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                threads.add(Thread.startVirtualThread(() -> client(next, most, roomNanos)));
            }
            join(threads);
        }

        private void client(AtomicInteger next, int most, long roomNanos) {
            while (!stopped && System.nanoTime() - zero < roomNanos) {
                int index = next.getAndIncrement();
                if (index >= most || index < 0) {
                    return;
                }
                OneRequest request = request(index);
                if (send(index, request, System.nanoTime())) {
                    continue;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        void openLoop(double perSecond, int most, long roomNanos) throws InterruptedException {
            Random random = Draws.of(workload.seed(), Draws.Purpose.ARRIVALS, epoch, 0);
            List<Thread> threads = new ArrayList<>();
            double seconds = 0;
            for (int index = 0; index < most && !stopped; index++) {
                seconds -= Math.log1p(-random.nextDouble()) / perSecond;
                long due = (long) (seconds * 1e9);
                if (due >= roomNanos) {
                    break;
                }
                OneRequest request = request(index);
                int number = index;
                sleepUntil(zero + due);
                threads.removeIf(thread -> !thread.isAlive());
                threads.add(Thread.startVirtualThread(() -> send(number, request, zero + due)));
            }
            join(threads);
        }

        private void sleepUntil(long nanos) {
            for (long left = nanos - System.nanoTime();
                    left > 0 && !stopped;
                    left = nanos - System.nanoTime()) {
                LockSupport.parkNanos(Math.min(left, 50_000_000)); // so that stopping is quick
            }
        }

        private OneRequest request(int index) {
            Work work = workload.work(rate, epoch, index);
            byte[] body = target.body(model, work.text(), work.answerTokens(), plan.sampling());
            return new OneRequest(target, body, work.answerTokens(), plan.timeout(), zero);
        }

        /** Whether there was a server to answer it. */
        private boolean send(int index, OneRequest request, long scheduledNanos) {
            Socket socket = new Socket();
            open.add(socket);
            try {
                if (stopped) {
                    return true;
                }
                Outcome outcome = request.send(index, socket, scheduledNanos);
                if (!stopped || outcome.succeeded()) {
                    record(outcome);
                }
                Outcome.Fault fault = outcome.fault();
                return fault == null || !fault.kind().equals(Outcome.Fault.CONNECTION);
            } finally {
                open.remove(socket);
                close(socket);
            }
        }

        private synchronized void record(Outcome outcome) {
            outcomes.add(outcome);
            ended++;
            failed += outcome.succeeded() ? 0 : 1;
            progress.ended(ended, failed);
        }

        private static void join(List<Thread> threads) throws InterruptedException {
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
