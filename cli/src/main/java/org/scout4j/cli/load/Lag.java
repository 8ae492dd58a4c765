package org.scout4j.cli.load;

import java.util.Arrays;

/** Samples how late a virtual thread wakes up while others work. */
final class Lag {
    private static final long PERIOD_MILLIS = 20;
    private static final int MOST = 1 << 20;

    private final Thread thread;
    private double[] lags = new double[256];
    private int count;
    private volatile boolean over;

    private Lag() {
        thread = Thread.ofVirtual().unstarted(this::sample);
    }

    static Lag start() {
        Lag lag = new Lag();
        lag.thread.start();
        return lag;
    }

    private void sample() {
        try {
            while (!over && count < MOST) {
                long due = System.nanoTime() + PERIOD_MILLIS * 1_000_000;
                Thread.sleep(PERIOD_MILLIS);
                if (count == lags.length) {
                    lags = Arrays.copyOf(lags, count * 2);
                }
                lags[count++] = Math.max(0, System.nanoTime() - due);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run has ended
        }
    }

    /** Nanoseconds, one for each sample. */
    double[] end() throws InterruptedException {
        over = true;
        thread.interrupt();
        thread.join();
        return Arrays.copyOf(lags, count);
    }
}
