package org.scout4j.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;

/** Lets pages of the configured origins call from a browser; of none unless configured. */
record CrossOrigin(List<String> origins) {
    private static final String ANY = "*";
    private static final String A_DAY = "86400";

    private Optional<String> allowed(ServerRequestHeaders headers) {
        return headers.first(HeaderNames.ORIGIN)
                .filter(origin -> origins.contains(origin) || origins.contains(ANY));
    }

    /** Marks a reply as readable by the page that asked, if its origin is configured. */
    void mark(ServerRequestHeaders headers, ServerResponse response) {
        if (origins.isEmpty()) {
            return;
        }
        response.header(HeaderNames.VARY, "Origin");
        allowed(headers)
                .ifPresent(origin -> {
                    response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                    response.header(
                            HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
                            "x-request-id, retry-after, server-timing");
                });
    }

    /** Prepares the reply to a browser's question before a request; false if it is none. */
    boolean preflight(ServerRequestHeaders headers, ServerResponse response) {
        boolean asked = headers.contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        if (!asked || allowed(headers).isEmpty()) {
            return false;
        }
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        response.header(
                HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                headers.first(HeaderNames.ACCESS_CONTROL_REQUEST_HEADERS)
                        .orElse("authorization, content-type"));
        response.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, A_DAY);
        return true;
    }
}
