package org.scout4j.chat;

import tools.jackson.databind.JsonNode;

/**
 * A function the model may call.
 *
 * @param definition the bare function object ({@code name}, {@code description}, {@code
 *     parameters}, …) with its keys in the client's order
 * @param param where a request has the definition, for messages, e.g. {@code tools[0].function}
 */
public record Tool(String name, JsonNode definition, String param) {
    public Tool(String name, JsonNode definition) {
        this(name, definition, "tools");
    }
}
