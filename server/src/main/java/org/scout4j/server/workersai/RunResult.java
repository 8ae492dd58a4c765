package org.scout4j.server.workersai;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.server.completions.Answer;
import org.scout4j.server.completions.TokenCount;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An answer as this service tells it. */
final class RunResult {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNumberLength(Integer.MAX_VALUE)
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .maxNameLength(Integer.MAX_VALUE)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private RunResult() {}

    /**
     * The result.
     *
     * @param json whether its text is told as the JSON value that it is
     * @throws org.scout4j.server.ProblemException if it is to be JSON and is none
     */
    static ObjectNode of(Answer answer, TokenCount tokens, boolean json) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.set("response", response(answer, json));
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (Answer.Call call : answer.calls()) {
            // One that was cut is none.
            arguments(call.arguments().toString())
                    .ifPresent(given -> putCall(calls.addObject(), call.id(), call.name(), given));
        }
        if (!calls.isEmpty()) {
            result.set("tool_calls", calls);
        }
        result.put("finish_reason", answer.finishReason());
        result.set("usage", tokens.usage());
        return result;
    }

    private static JsonNode response(Answer answer, boolean json) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (answer.text().isEmpty() && !answer.calls().isEmpty()) {
            return nodes.nullNode();
        }
        return json
                ? value(answer.text()).orElseThrow(RunProblems::jsonNotMet)
                : nodes.stringNode(answer.text());
    }

    /** Writes a call. */
    static void putCall(ObjectNode to, String id, String name, ObjectNode arguments) {
        to.put("id", id).put("name", name).set("arguments", arguments);
    }

    /** The arguments of a call that is complete. */
    static Optional<ObjectNode> arguments(String text) {
        return value(text).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
    }

    private static Optional<JsonNode> value(String text) {
        try {
            @Nullable JsonNode value = MAPPER.readTree(text);
            return value == null || value.isMissingNode() ? Optional.empty() : Optional.of(value);
        } catch (JacksonException incomplete) {
            return Optional.empty();
        }
    }
}
