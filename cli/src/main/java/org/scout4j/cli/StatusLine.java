package org.scout4j.cli;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Says on standard error what takes long: on a terminal by one line that is rewritten and erased,
 * elsewhere by a plain line from time to time.
 */
final class StatusLine {
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final String ERASE = "\r\033[K";

    private final Output err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private long shownNanos;
    private boolean shown;

    StatusLine(Surroundings here) {
        this(here.err(), here.terminals().err(), System::nanoTime);
    }

    StatusLine(Output err, boolean terminal, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.shownNanos = nanoTime.getAsLong();
    }

    /** Shows a text, unless the last one was shown a moment ago. */
    void show(String text) {
        long now = nanoTime.getAsLong();
        boolean due = now - shownNanos >= (terminal ? REDRAW_NANOS : PLAIN_NANOS);
        if (!due) {
            return;
        }
        shownNanos = now;
        if (terminal) {
            err.print(ERASE + text);
            shown = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /** Erases what is shown, before something else is printed. */
    void clear() {
        if (shown) {
            err.print(ERASE);
            err.flush();
            shown = false;
        }
    }
}
