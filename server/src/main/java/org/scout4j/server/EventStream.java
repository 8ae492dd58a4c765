package org.scout4j.server;

/**
 * The server-sent events of one reply. Events are flushed as they are sent; silence is filled with
 * comments. Not thread-safe for senders: one thread sends.
 */
public interface EventStream extends AutoCloseable {

    /**
     * Sends one event.
     *
     * @param data one line
     * @throws ClientGone if the client has left or reads too slowly
     */
    void send(String data);

    /** Ends the reply. */
    @Override
    void close();
}
