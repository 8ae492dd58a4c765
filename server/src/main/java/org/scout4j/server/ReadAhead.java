package org.scout4j.server;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads a connection on a virtual thread of its own, a bounded way ahead of who parses it. So the
 * end of the connection is seen while a request is being handled, and every wait for bytes has a
 * limit (spec "Reliability" L-4, P-4).
 *
 * <p>A client that closes its sending side only cannot be told from one that is gone: both are
 * taken as gone, as other servers do.
 */
final class ReadAhead {
    private static final System.Logger LOG = System.getLogger("org.scout4j.server");
    private static final int BYTES_AHEAD = 64 << 10;
    private static final int HEAD_BYTES = 48 << 10; // request line and headers, with some slack
    private static final Duration WHOLE_BODY = Duration.ofSeconds(120);

    private enum Phase {
        /** Between two requests. */
        IDLE,
        /** A head has begun. */
        HEAD,
        /** A request is handled; what comes is its body, then later requests. */
        HANDLING
    }

    private static final Duration LINGERING = Duration.ofSeconds(2);
    private static final int CHUNK_OVERHEAD = 8; // a chunk of one byte takes six
    private static final int CHUNK_SLACK = 16 << 10;

    private final HelidonSocket socket;
    private final ServerOptions.HttpLimits limits;
    private final long rawBodyBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> ahead = new ArrayDeque<>();
    private int bytesAhead;
    private boolean ended;
    private boolean closed;
    private boolean discarding;
    private List<Runnable> whenGone = new ArrayList<>();

    private Phase phase = Phase.IDLE;
    private long phaseSince = System.nanoTime();
    private long phaseBytes;

    /**
     * Whether a reply is not wholly written: the end of its last chunk follows after {@link
     * #requestEnds}, before the parser asks for the next request.
     */
    private boolean replying;

    /** Whether the client has asked for the connection to end with the reply. */
    private boolean over;

    ReadAhead(HelidonSocket socket, ServerOptions.HttpLimits limits) {
        this.socket = socket;
        this.limits = limits;
        this.rawBodyBytes = limits.bodyBytes() * CHUNK_OVERHEAD + CHUNK_SLACK;
    }

    /** Starts to read. */
    void begin() {
        Thread.ofVirtual().name("http-read-ahead").start(this::read);
    }

    private void read() {
        try {
            for (byte[] bytes = socket.get(); bytes != null; bytes = socket.get()) {
                if (!put(bytes)) {
                    return;
                }
            }
        } catch (RuntimeException e) {
            // Reset by the client, or closed by us: an end like any other.
        } finally {
            end();
        }
    }

    private boolean put(byte[] bytes) {
        lock.lock();
        try {
            while (bytesAhead >= BYTES_AHEAD && !closed && !discarding) {
                changed.awaitUninterruptibly();
            }
            if (discarding) {
                return !closed;
            }
            ahead.add(bytes);
            bytesAhead += bytes.length;
            changed.signalAll();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        List<Runnable> actions;
        lock.lock();
        try {
            ended = true;
            actions = whenGone;
            whenGone = new ArrayList<>();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        actions.forEach(ReadAhead::run);
    }

    /** One that fails keeps no other from running. */
    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "an action for a client that left failed", e);
        }
    }

    /**
     * The next bytes for the parser.
     *
     * @throws CloseConnectionException at the end of the connection
     * @throws RequestException 408 or 431
     */
    byte[] take() {
        lock.lock();
        try {
            if (phase == Phase.HEAD && phaseBytes >= HEAD_BYTES) {
                throw failure(Status.create(431));
            }
            if (phase == Phase.HANDLING && phaseBytes > rawBodyBytes) {
                throw failure(Status.REQUEST_ENTITY_TOO_LARGE_413);
            }
            if (phase == Phase.IDLE) {
                replying = false;
                if (over) {
                    throw new CloseConnectionException("the client wants no other reply");
                }
            }
            long waitingSince = System.nanoTime();
            while (ahead.isEmpty() && !ended && !closed) {
                await(waitingSince);
            }
            byte[] bytes = closed ? null : ahead.poll();
            if (bytes == null) {
                throw new CloseConnectionException("end of the connection");
            }
            bytesAhead -= bytes.length;
            if (phase == Phase.IDLE) {
                enter(Phase.HEAD);
            }
            phaseBytes += bytes.length;
            changed.signalAll();
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private void await(long waitingSince) {
        long now = System.nanoTime();
        long left =
                switch (phase) {
                    case IDLE -> left(phaseSince, limits.idleTimeout(), now);
                    case HEAD -> left(phaseSince, limits.headerTimeout(), now);
                    case HANDLING ->
                            Math.min(
                                    left(waitingSince, limits.bodyIdleTimeout(), now),
                                    left(phaseSince, WHOLE_BODY, now));
                };
        if (left <= 0) {
            throw switch (phase) {
                case IDLE -> new CloseConnectionException("idle for too long");
                case HEAD, HANDLING -> failure(Status.REQUEST_TIMEOUT_408);
            };
        }
        try {
            changed.awaitNanos(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("interrupted", e);
        }
    }

    private static long left(long since, Duration limit, long now) {
        return limit.toNanos() - (now - since);
    }

    private static RequestException failure(Status status) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .status(status)
                .setKeepAlive(false)
                .message(status.reasonPhrase())
                .build();
    }

    private void enter(Phase next) {
        phase = next;
        phaseSince = System.nanoTime();
        phaseBytes = 0;
    }

    /** A head has been read whole. */
    void requestBegins() {
        lock.lock();
        try {
            enter(Phase.HANDLING);
            replying = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether bytes of a reply are still to be written. */
    boolean replying() {
        lock.lock();
        try {
            return replying && !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The handler is done with the request.
     *
     * @param last whether the connection ends when the reply is written
     */
    void requestEnds(boolean last) {
        lock.lock();
        try {
            over = last;
            whenGone = new ArrayList<>();
            enter(Phase.IDLE);
        } finally {
            lock.unlock();
        }
    }

    /** Runs an action when the client has closed the connection; at once if it has. */
    void whenGone(Runnable action) {
        lock.lock();
        try {
            if (!ended) {
                whenGone.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** Whether the client has closed the connection. */
    boolean gone() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /**
     * After a request was refused in the middle: reads on for a moment what the client still sends.
     * Closing at once would reset the connection, and the client might never see the reply.
     */
    void discardRest() {
        lock.lock();
        try {
            if (phase == Phase.IDLE) {
                return;
            }
            discarding = true;
            ahead.clear();
            changed.signalAll();
            long left = LINGERING.toNanos();
            while (!ended && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the socket. */
    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            socket.close();
        } catch (RuntimeException e) {
            // It was closed already.
        }
    }
}
