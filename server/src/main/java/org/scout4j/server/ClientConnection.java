package org.scout4j.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * One TCP connection as Helidon's HTTP code sees it, with a reader of our own below: bytes are read
 * ahead while a request is being handled, so that a client that leaves is noticed at once although
 * nobody reads or writes (spec "Reliability" P-4).
 */
final class ClientConnection implements ConnectionContext {
    /** The connection whose request the current thread handles. */
    static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

    private final ConnectionContext context;
    private final String address;
    private final ReadAhead input;
    private final WatchedWriter output;
    private final DataReader reader;

    ClientConnection(ConnectionContext context, ServerOptions.HttpLimits limits) {
        this.context = context;
        this.address = context.remotePeer().host(); // not known any more once it is closed
        this.input = new ReadAhead(context.serverSocket(), limits);
        this.output = new WatchedWriter(context.serverSocket());
        this.reader = DataReader.create(input::take);
    }

    /** Wraps the protocol's own loop: begins and ends the reading ahead. */
    ServerConnection around(ServerConnection protocol, OpenConnections all) {
        return new Protocol(protocol, this, all);
    }

    /** Where the client is, without its port. */
    String address() {
        return address;
    }

    ReadAhead input() {
        return input;
    }

    /** Closes the socket if one write has been stuck for longer than {@code limit}. */
    void closeIfStuck(long nowNanos, Duration limit) {
        if (output.stuckFor(nowNanos) > limit.toNanos()) {
            close();
        }
    }

    /** Closes the socket; whoever reads or writes it fails. */
    void close() {
        input.close();
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return output;
    }

    @Override
    public ListenerContext listenerContext() {
        return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return context.executor();
    }

    @Override
    public Router router() {
        return context.router();
    }

    @Override
    public HelidonSocket serverSocket() {
        return context.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return context.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return context.localPeer();
    }

    @Override
    public boolean isSecure() {
        return context.isSecure();
    }

    @Override
    public String socketId() {
        return context.socketId();
    }

    @Override
    public String childSocketId() {
        return context.childSocketId();
    }

    private record Protocol(ServerConnection http, ClientConnection connection, OpenConnections all)
            implements ServerConnection {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            if (!all.add(connection)) {
                connection.close();
                throw new CloseConnectionException("too many connections from one address");
            }
            connection.input.begin();
            try {
                ScopedValue.where(CURRENT, connection)
                        .call(() -> {
                            http.handle(limit);
                            return true;
                        });
            } finally {
                connection.input.discardRest();
                all.remove(connection);
                connection.close();
            }
        }

        @Override
        @SuppressWarnings("removal") // still asked for by the interface
        public void handle(Semaphore requests) throws InterruptedException {
            throw new UnsupportedOperationException("replaced by limits");
        }

        @Override
        public Duration idleTime() {
            return Duration.ZERO; // idle connections are closed by ReadAhead
        }

        @Override
        public void close(boolean interrupt) {
            http.close(interrupt);
        }
    }

    /** Writes in pieces, so that a write that makes progress is not taken for a stuck one. */
    private static final class WatchedWriter implements DataWriter {
        private static final int PIECE = 16 << 10;
        private static final long NOT_WRITING = 0;

        private final HelidonSocket socket;
        private volatile long since = NOT_WRITING;

        WatchedWriter(HelidonSocket socket) {
            this.socket = socket;
        }

        long stuckFor(long nowNanos) {
            long begun = since;
            return begun == NOT_WRITING ? 0 : nowNanos - begun;
        }

        @Override
        public void write(BufferData buffer) {
            try {
                while (buffer.available() > 0) {
                    since = System.nanoTime() | 1; // never the value that means "not writing"
                    byte[] piece = new byte[Math.min(PIECE, buffer.available())];
                    buffer.read(piece);
                    socket.write(BufferData.create(piece));
                }
            } finally {
                since = NOT_WRITING;
            }
        }

        @Override
        public void write(BufferData... buffers) {
            for (BufferData buffer : buffers) {
                write(buffer);
            }
        }

        @Override
        public void writeNow(BufferData... buffers) {
            write(buffers);
        }

        @Override
        public void writeNow(BufferData buffer) {
            write(buffer);
        }
    }
}
