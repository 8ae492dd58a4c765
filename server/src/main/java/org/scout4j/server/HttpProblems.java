package org.scout4j.server;

import io.helidon.http.Status;
import java.time.Duration;

/** What to tell about a request that HTTP itself refuses, before a route has seen it. */
final class HttpProblems {
    private HttpProblems() {}

    /** The problem for a status that Helidon or our reading of the connection chose. */
    static Problem of(Status status, long bodyLimit) {
        return switch (status.code()) {
            case 408 -> Problems.tooSlow("The request came too slowly; the server gave up on it.");
            case 413 -> Problems.tooLarge(bodyLimit);
            case 414 ->
                    Problems.refused(
                            414, "uri_too_long", "The request line is longer than 8192 bytes.");
            case 417 ->
                    Problems.refused(417, "expectation_failed", "Only 100-continue is understood.");
            case 431 ->
                    Problems.refused(
                            431,
                            "headers_too_large",
                            "The headers are larger than 32768 bytes or more than 100.");
            case 500 -> Problems.internal();
            case 501 ->
                    Problems.refused(
                            501, "not_supported", "This transfer encoding is not supported.");
            case 503 -> Problems.draining(Duration.ofSeconds(1));
            case 505 ->
                    Problems.refused(
                            505,
                            "http_version",
                            "This server speaks HTTP/1.1. Proxies: set the version towards it, e.g."
                                    + " proxy_http_version 1.1.");
            default -> Problems.refused(400, "bad_http", "The request is not valid HTTP/1.1.");
        };
    }
}
