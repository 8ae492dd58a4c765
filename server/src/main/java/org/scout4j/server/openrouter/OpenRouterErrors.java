package org.scout4j.server.openrouter;

import org.scout4j.server.Problem;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Problems in OpenRouter's form (spec "API" §3): the code is the HTTP status. */
final class OpenRouterErrors {
    private OpenRouterErrors() {}

    static ObjectNode describe(Problem problem) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error =
                body.putObject("error")
                        .put("code", problem.status())
                        .put("message", problem.message());
        if (problem.param() != null || problem.code() != null) {
            ObjectNode metadata = error.putObject("metadata");
            if (problem.param() != null) {
                metadata.put("param", problem.param());
            }
            if (problem.code() != null) {
                metadata.put("reason", problem.code());
            }
        }
        return body;
    }
}
