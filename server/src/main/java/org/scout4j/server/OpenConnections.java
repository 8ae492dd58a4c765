package org.scout4j.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The connections of a server. Thread-safe. */
final class OpenConnections {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();

    private final ConcurrentHashMap<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final int mostPerAddress;

    OpenConnections(int mostPerAddress) {
        this.mostPerAddress = mostPerAddress;
    }

    /**
     * Adds a connection, unless its address has its share already.
     *
     * @return whether it was added
     */
    boolean add(ClientConnection connection) {
        int now = byAddress.merge(connection.address(), 1, Integer::sum);
        if (now > mostPerAddress) {
            leave(connection.address());
            return false;
        }
        open.add(connection);
        return true;
    }

    void remove(ClientConnection connection) {
        if (open.remove(connection)) {
            leave(connection.address());
        }
    }

    private void leave(String address) {
        byAddress.computeIfPresent(address, (at, count) -> count == 1 ? null : count - 1);
    }

    int count() {
        return open.size();
    }

    /** Waits until no reply is being written any more, at most so long. */
    void awaitReplies(Duration longest) throws InterruptedException {
        long limit = System.nanoTime() + longest.toNanos();
        while (open.stream().anyMatch(c -> c.input().replying()) && System.nanoTime() < limit) {
            Thread.sleep(LOOK);
        }
    }

    void each(Consumer<ClientConnection> action) {
        open.forEach(action);
    }
}
