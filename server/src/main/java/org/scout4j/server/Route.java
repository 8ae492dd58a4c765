package org.scout4j.server;

/**
 * An endpoint.
 *
 * @param method GET or POST
 * @param path e.g. {@code /v1/models/{id}}; a last part in braces takes the rest of the path,
 *     slashes included
 */
public record Route(String method, String path, Access access, Handler handler) {

    /** Who may call it, once there are keys. */
    public enum Access {
        PUBLIC,
        CHAT,
        METRICS
    }

    /** Handles one request; whatever it throws is described to the client by its dialect. */
    public interface Handler {
        void handle(Exchange exchange);
    }
}
