package org.scout4j.server.openai;

import org.scout4j.server.Problem;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Problems in OpenAI's form (spec "API" §3). */
final class OpenAiErrors {
    private OpenAiErrors() {}

    static ObjectNode describe(Problem problem) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", problem.message())
                .put("type", problem.type())
                .put("param", problem.param())
                .put("code", problem.code());
        return body;
    }
}
