package org.scout4j.server;

/**
 * An endpoint.
 *
 * @param method GET or POST
 * @param path e.g. {@code /v1/models/{id}}; a part in braces matches any one part, the last part of
 *     a path the rest of it, slashes included. One that is called {@link #ACCOUNT} is checked
 *     together with the key
 */
public record Route(String method, String path, Access access, Handler handler) {

    /** The variable part of a path that names the client's account. */
    public static final String ACCOUNT = "account";

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
