package org.scout4j.tokenizer;

import java.nio.file.Path;
import org.scout4j.error.VerificationFailed;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a small part of a large JSON file as a tree. A tree takes many times the memory of its
 * text, so the number of its nodes is limited.
 */
final class JsonStructure {
    private static final int MOST_NODES = 10_000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Path file;
    private final String name;
    private final JsonParser json;
    private int nodes;

    private JsonStructure(Path file, String name, JsonParser json) {
        this.file = file;
        this.name = name;
        this.json = json;
    }

    /**
     * Reads the value that a parser stands at, and leaves it at the value's end.
     *
     * @param name of the part, for messages
     */
    static JsonNode read(Path file, String name, JsonParser json) {
        return new JsonStructure(file, name, json).value(json.currentToken());
    }

    // Recursion ends at the nesting depth that the parser allows.
    private JsonNode value(JsonToken token) {
        if (++nodes > MOST_NODES) {
            throw new VerificationFailed(file, name + " has more than " + MOST_NODES + " parts");
        }
        return switch (token) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String property = json.currentName();
                    object.set(property, value(json.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                for (JsonToken next; (next = json.nextToken()) != JsonToken.END_ARRAY; ) {
                    array.add(value(next));
                }
                yield array;
            }
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.stringNode(json.getString());
        };
    }
}
