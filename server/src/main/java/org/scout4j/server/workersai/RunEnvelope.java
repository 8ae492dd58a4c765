package org.scout4j.server.workersai;

import java.util.List;
import java.util.Objects;
import org.scout4j.server.Problem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The envelope of every reply (spec "API" §3, §5), and the service's numbers of problems. */
final class RunEnvelope {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int NOTE = 1_000;

    private RunEnvelope() {}

    /** A reply to a request that succeeded. */
    static ObjectNode success(JsonNode result, List<String> notes) {
        ObjectNode reply = JSON.objectNode();
        reply.set("result", result);
        reply.put("success", true).putArray("errors");
        ArrayNode messages = reply.putArray("messages");
        notes.forEach(note -> messages.addObject().put("code", NOTE).put("message", note));
        return reply;
    }

    /** A reply to one that did not. */
    static ObjectNode failure(Problem problem) {
        ObjectNode reply = JSON.objectNode();
        reply.putObject("result");
        reply.put("success", false).putArray("errors").add(error(problem));
        reply.putArray("messages");
        return reply;
    }

    /** A problem, with its number. */
    static ObjectNode error(Problem problem) {
        return JSON.objectNode().put("code", number(problem)).put("message", problem.message());
    }

    private static int number(Problem problem) {
        return switch (Objects.requireNonNullElse(problem.code(), "")) {
            case "empty_body" -> 3003;
            case "context_length_exceeded" -> 3006;
            case "cancelled" -> 3008;
            case RunProblems.MODEL_NAME -> 3042;
            case "invalid_image" -> 5004;
            case RunProblems.LORA -> 5005;
            case "model_not_found" -> 5007;
            case RunProblems.JSON_NOT_MET -> 5024;
            default -> number(problem.status());
        };
    }

    private static int number(int status) {
        return switch (status) {
            case 401 -> 10_000;
            case 404, 501 -> 7000;
            case 405 -> 7001;
            case 408 -> 3007;
            case 413 -> 3006;
            case 429, 503 -> 3040;
            case 500 -> 3043;
            default -> 5006;
        };
    }
}
