package org.scout4j.chat;

import tools.jackson.databind.JsonNode;

/**
 * A function the model may call.
 *
 * @param definition the bare function object ({@code name}, {@code description}, {@code
 *     parameters}, …) with its keys in the client's order
 */
public record Tool(String name, JsonNode definition) {}
