package org.scout4j.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The connections of a server. Thread-safe. */
final class OpenConnections {
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();

    void add(ClientConnection connection) {
        open.add(connection);
    }

    void remove(ClientConnection connection) {
        open.remove(connection);
    }

    int count() {
        return open.size();
    }

    void each(Consumer<ClientConnection> action) {
        open.forEach(action);
    }
}
