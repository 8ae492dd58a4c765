package org.scout4j.server;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One HTTP request and its reply, as a dialect sees it. For the one (virtual) thread that handles
 * it.
 */
public interface Exchange {

    /** Made by the server; unique. */
    String id();

    /** Who asks, for the prefix cache; empty while there are no keys. */
    String tenant();

    /** A variable part of the route's path, percent-decoded; empty if it has none of that name. */
    String pathParameter(String name);

    /** A query parameter. */
    Optional<String> query(String name);

    /** A request header. */
    Optional<String> header(String name);

    /**
     * Reads the body: within the limits, of the right type, one JSON object.
     *
     * @throws ProblemException if it is not
     */
    ObjectNode body();

    /** Adds a header to the reply; before it begins. */
    void replyHeader(String name, String value);

    /** Answers with JSON. */
    void reply(int status, JsonNode body);

    /** Answers with text, for endpoints that are not JSON. */
    void reply(int status, String contentType, String body);

    /**
     * Begins a stream of server-sent events, status 200.
     *
     * @param keepAlive comment to send when the stream has been silent, without the leading colon
     */
    EventStream events(String keepAlive);

    /**
     * Runs an action, on any thread, as soon as the client has closed the connection before the
     * reply was complete. At once if it has already.
     */
    void whenClientGone(Runnable action);

    /**
     * Tells what the generation did, for log, metrics and traces. Call it before the reply where
     * that is possible: then the reply's headers tell it too.
     */
    void finished(GenerationFacts facts);
}
