package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One choice of a streamed chat, put together as a client would, in the form that the whole reply
 * has. Deltas that no client expects are failures.
 */
final class StreamedChat {
    private final ObjectNode choice = Http.JSON.createObjectNode();
    private final ObjectNode message;
    private final StringBuilder content = new StringBuilder();
    private boolean ended;

    private StreamedChat(int index) {
        choice.put("index", index);
        message = choice.putObject("message");
    }

    /** The choices of a stream. */
    static ArrayNode choices(List<JsonNode> chunks) {
        Map<Integer, StreamedChat> choices = new TreeMap<>();
        for (JsonNode chunk : chunks) {
            for (JsonNode delta : chunk.get("choices")) {
                choices.computeIfAbsent(delta.get("index").asInt(), StreamedChat::new).take(delta);
            }
        }
        ArrayNode list = Http.JSON.createArrayNode();
        choices.values().forEach(each -> list.add(each.whole()));
        return list;
    }

    private void take(JsonNode chunk) {
        assertThat(ended).as("a delta after the end: %s", chunk).isFalse();
        JsonNode delta = chunk.get("delta");
        if (delta.has("role")) {
            assertThat(message.has("role")).as("a second role").isFalse();
            message.set("role", delta.get("role"));
            message.putNull("content").putNull("refusal");
        }
        content.append(delta.path("content").asString(""));
        delta.path("tool_calls").forEach(this::takeCall);
        if (delta.has("function_call")) {
            takeFunction(message, delta.get("function_call"));
        }
        takeLogprobs(chunk.get("logprobs"));
        if (!chunk.get("finish_reason").isNull()) {
            assertThat(delta.isEmpty()).as("the last delta").isTrue();
            choice.set("finish_reason", chunk.get("finish_reason"));
            ended = true;
        }
    }

    private void takeCall(JsonNode call) {
        ArrayNode calls =
                message.has("tool_calls")
                        ? (ArrayNode) message.get("tool_calls")
                        : message.putArray("tool_calls");
        int index = call.get("index").asInt();
        if (index == calls.size()) {
            ObjectNode begun = (ObjectNode) call.deepCopy();
            begun.remove("index");
            assertThat(begun.propertyNames()).containsExactly("id", "type", "function");
            calls.add(begun);
            return;
        }
        assertThat(index).as("calls come one after the other").isEqualTo(calls.size() - 1);
        assertThat(call.propertyNames()).containsExactlyInAnyOrder("index", "function");
        assertThat(call.get("function").propertyNames()).containsExactly("arguments");
        ObjectNode function = (ObjectNode) calls.get(index).get("function");
        append(function, call.at("/function/arguments"));
    }

    private static void takeFunction(ObjectNode message, JsonNode more) {
        if (message.has("function_call")) {
            assertThat(more.propertyNames()).containsExactly("arguments");
            append((ObjectNode) message.get("function_call"), more.get("arguments"));
        } else {
            message.set("function_call", more.deepCopy());
        }
    }

    private static void append(ObjectNode function, JsonNode arguments) {
        function.put(
                "arguments", function.get("arguments").stringValue() + arguments.stringValue());
    }

    private void takeLogprobs(JsonNode logprobs) {
        if (logprobs.isNull()) {
            return;
        }
        if (!choice.has("logprobs")) {
            choice.set("logprobs", logprobs.deepCopy());
        } else {
            ArrayNode tokens = (ArrayNode) choice.get("logprobs").get("content");
            logprobs.get("content").forEach(tokens::add);
        }
    }

    private ObjectNode whole() {
        assertThat(ended).as("has an end").isTrue();
        boolean calls = message.has("tool_calls") || message.has("function_call");
        if (!calls || !content.isEmpty()) {
            message.put("content", content.toString());
        }
        if (!choice.has("logprobs")) {
            choice.putNull("logprobs");
        }
        return choice;
    }
}
