package org.scout4j.vision;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.scout4j.error.Cancelled;

/**
 * The processor time that reading one image may take, and whether anybody still waits for it. The
 * time is that of the thread that works, so that a busy machine refuses no image that an idle one
 * reads.
 */
final class Allowance {
    static final Duration MOST = Duration.ofSeconds(5);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Duration most;
    private long begun = now();
    private boolean spent;
    private volatile boolean unwanted;

    Allowance() {
        this(MOST);
    }

    Allowance(Duration most) {
        this.most = most;
    }

    private long now() {
        boolean known =
                threads.isCurrentThreadCpuTimeSupported() && !Thread.currentThread().isVirtual();
        return known ? threads.getCurrentThreadCpuTime() : System.nanoTime();
    }

    /** The time begins, that of the calling thread. */
    void begin() {
        begun = now();
    }

    /** Nobody waits for the image any more. Any thread may say so. */
    void drop() {
        unwanted = true;
    }

    /** Whether the work should end; asked by the thread that works. */
    boolean over() {
        spent |= now() - begun > most.toNanos();
        return spent || unwanted;
    }

    /**
     * For loops that readers run: what they make of the exception does not matter.
     *
     * @throws IOException if the work should end
     */
    void check() throws IOException {
        if (over()) {
            throw new IOException("the image's time is over");
        }
    }

    /**
     * Says why the work has ended, if it was {@link #over} before.
     *
     * @throws Cancelled if nobody waits for it
     */
    void explain() throws ImageRefused {
        if (unwanted) {
            throw new Cancelled();
        }
        if (spent) {
            throw Refusal.tooSlow(most.toSeconds());
        }
    }
}
