package org.scout4j.server;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A family of endpoints that clients of one hosted service know. */
public interface Dialect {

    /**
     * Paths that begin so are its own, also those that lead nowhere; e.g. {@code /api/v1}. May have
     * variable parts, as a {@link Route}.
     */
    String prefix();

    /** Its endpoints. */
    List<Route> routes();

    /** The body that tells of a problem. */
    JsonNode describe(Problem problem);
}
