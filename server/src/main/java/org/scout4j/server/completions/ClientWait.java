package org.scout4j.server.completions;

import java.util.function.Supplier;
import org.scout4j.server.Exchange;

/** Work that a thread does while its client waits: reading images may take seconds. */
final class ClientWait {
    private final Thread worker = Thread.currentThread();
    private boolean over;
    private boolean interrupted;

    private ClientWait() {}

    /**
     * Does the work; interrupts the thread if the client leaves meanwhile.
     *
     * @throws org.scout4j.error.Cancelled from work that heeds it
     */
    static <T> T during(Exchange exchange, Supplier<T> work) {
        ClientWait wait = new ClientWait();
        exchange.whenClientGone(wait::interrupt);
        try {
            return work.get();
        } finally {
            wait.end();
        }
    }

    private synchronized void interrupt() {
        if (!over) {
            interrupted = true;
            worker.interrupt();
        }
    }

    /** From here on the thread does other things. */
    private synchronized void end() {
        over = true;
        if (interrupted) {
            Thread.interrupted();
        }
    }
}
