package org.scout4j.server.workersai;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings the messages of this service into OpenAI's form, in place, so that one reader reads both:
 * content that is a single part, calls as this service answers with them, and ids of calls, which
 * it takes without a look. What is malformed stays so, for the reader to tell.
 */
final class RunMessages {
    private Set<String> openCalls = Set.of();
    private int made;

    private RunMessages() {}

    static void straighten(@Nullable JsonNode messages) {
        if (messages == null || !messages.isArray()) {
            return;
        }
        RunMessages state = new RunMessages();
        for (JsonNode message : messages) {
            if (message instanceof ObjectNode object) {
                state.message(object);
            }
        }
    }

    private void message(ObjectNode message) {
        if (message.get("content") instanceof ObjectNode part) {
            message.putArray("content").add(part);
        }
        if (message.get("tool_calls") instanceof ArrayNode calls && !calls.isEmpty()) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < calls.size(); i++) {
                if (calls.get(i) instanceof ObjectNode call) {
                    calls.set(i, call(call));
                    ids.add(calls.get(i).path("id").asString(""));
                }
            }
            openCalls = ids;
        }
        JsonNode answered = message.get("tool_call_id");
        if (answered != null
                && answered.isString()
                && !openCalls.contains(answered.stringValue())) {
            message.remove("tool_call_id");
        }
    }

    /** A call as {@code {id, type, function: {name, arguments}}}, its arguments as text. */
    private ObjectNode call(ObjectNode given) {
        ObjectNode call = given;
        if (!given.has("function") && given.has("name")) {
            call = given.objectNode().put("type", "function");
            if (given.hasNonNull("id")) {
                call.set("id", given.get("id"));
            }
            call.putObject("function").set("name", given.get("name"));
            if (given.hasNonNull("arguments")) {
                call.withObjectProperty("function").set("arguments", given.get("arguments"));
            }
        }
        if (!call.hasNonNull("id")) {
            call.put("id", "call_" + made++);
        }
        if (call.get("function") instanceof ObjectNode function
                && function.get("arguments") instanceof ObjectNode arguments) {
            function.put("arguments", arguments.toString());
        }
        return call;
    }
}
