package org.scout4j.server;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One request from its head to the end of its reply, for log, metrics and traces.
 *
 * @param id made by the server
 * @param begun when its head had been read
 * @param took until the reply was complete
 * @param method HTTP method
 * @param route path of the route that it met, empty if it met none
 * @param api prefix of the dialect that the path belongs to
 * @param status HTTP status; 499 when the client left first
 * @param problem what the client was told to have gone wrong
 * @param facts what the generation did, if there was one
 * @param traceparent W3C trace context as the client sent it
 */
public record RequestReport(
        String id,
        Instant begun,
        Duration took,
        String method,
        Optional<String> route,
        String api,
        int status,
        Optional<Problem> problem,
        Optional<GenerationFacts> facts,
        Optional<String> traceparent) {}
