package org.scout4j.chat;

import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.JsonNode;

/** Reading of fields from a client's JSON; null counts as absent. */
final class JsonFields {
    private JsonFields() {}

    /** A field, or null when it is absent or null. */
    static @Nullable JsonNode field(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    static InvalidRequest invalid(String param, String problem) {
        return new InvalidRequest(param, "'" + param + "' " + problem + ".");
    }

    static String string(@Nullable JsonNode value, String param) {
        if (value == null || !value.isString()) {
            throw invalid(param, "must be a string");
        }
        return value.stringValue();
    }

    static JsonNode object(@Nullable JsonNode value, String param) {
        if (value == null || !value.isObject()) {
            throw invalid(param, "must be an object");
        }
        return value;
    }

    /** The type of a tool or call: a function, also when nothing is said. */
    static void requireFunctionType(JsonNode node, String param) {
        object(node, param);
        JsonNode type = field(node, "type");
        if (type != null && !(type.isString() && type.stringValue().equals("function"))) {
            throw invalid(param + ".type", "must be function");
        }
    }
}
