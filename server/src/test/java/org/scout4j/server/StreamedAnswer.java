package org.scout4j.server;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts the chunks of a stream together as a client would, in the form of a whole answer. */
final class StreamedAnswer {
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode content = Http.JSON.createArrayNode();
    private final ObjectNode lists = Http.JSON.createObjectNode();
    private boolean anyLogprobs;
    private @Nullable String finish;

    private StreamedAnswer() {}

    /** All choices, each as text, finish reason and log-probabilities. */
    static String join(Iterable<JsonNode> chunks, JsonNode request) {
        Map<Integer, StreamedAnswer> choices = new TreeMap<>();
        for (JsonNode chunk : chunks) {
            for (JsonNode choice : chunk.path("choices")) {
                choices.computeIfAbsent(choice.get("index").asInt(), i -> new StreamedAnswer())
                        .take(choice);
            }
        }
        boolean chat = request.has("messages");
        StringBuilder said = new StringBuilder();
        choices.values().forEach(choice -> said.append(choice.said(chat)));
        return said.toString();
    }

    private void take(JsonNode choice) {
        text.append(
                choice.has("delta")
                        ? choice.at("/delta/content").asString("")
                        : choice.path("text").asString(""));
        JsonNode logprobs = choice.path("logprobs");
        if (logprobs.isObject()) {
            anyLogprobs = true;
            if (logprobs.has("content")) {
                logprobs.get("content").forEach(content::add);
            } else {
                logprobs.propertyNames().forEach(name -> append(name, logprobs.get(name)));
            }
        }
        JsonNode reason = choice.path("finish_reason");
        if (reason.isString()) {
            if (finish != null) {
                throw new AssertionError("finished twice");
            }
            finish = reason.stringValue();
        }
    }

    private void append(String name, JsonNode more) {
        ArrayNode list = lists.has(name) ? (ArrayNode) lists.get(name) : lists.putArray(name);
        more.forEach(list::add);
    }

    private String said(boolean chat) {
        return text + "|" + finish + "|" + (chat ? content : anyLogprobs ? lists : "null") + "\n";
    }
}
