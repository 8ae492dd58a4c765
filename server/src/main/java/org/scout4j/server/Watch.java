package org.scout4j.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks around ten times a second: fills silent event streams with comments and closes connections
 * whose client has left a write unread for too long. Never blocks: what writes does so on a thread
 * of its own.
 */
final class Watch implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final ServerOptions.HttpLimits limits;
    private final OpenConnections connections;
    private final Set<ChunkedEvents> streams = ConcurrentHashMap.newKeySet();
    private final Thread thread;

    Watch(ServerOptions.HttpLimits limits, OpenConnections connections) {
        this.limits = limits;
        this.connections = connections;
        this.thread = Thread.ofPlatform().name("http-watch").daemon().unstarted(this::look);
    }

    void start() {
        thread.start();
    }

    /** Fills the silences of a stream until it ends. */
    void follow(ChunkedEvents stream) {
        streams.add(stream);
    }

    private void look() {
        try {
            while (!Thread.interrupted()) {
                Thread.sleep(PERIOD);
                long now = System.nanoTime();
                connections.each(c -> c.closeIfStuck(now, limits.writeTimeout()));
                streams.removeIf(ChunkedEvents::ended);
                streams.stream()
                        .filter(s -> s.silentFor(limits.keepAlive(), now))
                        .forEach(s -> Thread.ofVirtual().start(s::fillSilence));
            }
        } catch (InterruptedException e) {
            // The server is being closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
