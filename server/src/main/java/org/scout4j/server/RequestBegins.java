package org.scout4j.server;

import io.helidon.http.Headers;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

/** Tells the reading ahead of a connection that the head of a request is complete. */
record RequestBegins() implements Http1ConnectionListener {
    @Override
    public void headers(ConnectionContext context, Headers headers) {
        if (context instanceof ClientConnection connection) {
            connection.input().requestBegins();
        }
    }
}
