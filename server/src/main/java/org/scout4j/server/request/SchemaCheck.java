package org.scout4j.server.request;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether a JSON Schema is one: keywords that shape a value must have the form that they need. What
 * no validator could follow is told before anything is generated.
 */
public final class SchemaCheck {
    private static final int DEPTH = 32; // spec "Reliability" L-19
    private static final List<String> TYPES =
            List.of("string", "number", "integer", "boolean", "object", "array", "null");

    private SchemaCheck() {}

    /** What is wrong with a schema, as the end of a sentence; empty when nothing is. */
    public static Optional<String> fault(JsonNode schema) {
        return Optional.ofNullable(schema(schema, 1));
    }

    private static @Nullable String schema(JsonNode schema, int depth) {
        if (schema.isBoolean()) {
            return null;
        }
        if (!schema.isObject()) {
            return "must be a JSON Schema: an object";
        }
        if (depth > DEPTH) {
            return "must be a JSON Schema of at most " + DEPTH + " levels";
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            String fault = keyword(keyword.getKey(), keyword.getValue(), depth);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static @Nullable String keyword(String name, JsonNode value, int depth) {
        return switch (name) {
            case "type" -> type(value);
            case "properties", "patternProperties", "$defs", "definitions" ->
                    value.isObject() ? each(value, depth) : form(name, "an object of schemas");
            case "anyOf", "oneOf", "allOf", "prefixItems" ->
                    value.isArray() && !value.isEmpty()
                            ? each(value, depth)
                            : form(name, "a list of schemas");
            case "items" -> value.isArray() ? each(value, depth) : schema(value, depth + 1);
            case "additionalProperties", "not", "contains", "propertyNames" ->
                    schema(value, depth + 1);
            case "required" ->
                    value.isArray() && value.valueStream().allMatch(JsonNode::isString)
                            ? null
                            : form(name, "a list of names");
            case "enum" -> value.isArray() && !value.isEmpty() ? null : form(name, "a list");
            case "pattern", "$ref", "format" -> value.isString() ? null : form(name, "a string");
            default -> null;
        };
    }

    private static @Nullable String type(JsonNode type) {
        boolean known =
                type.isArray() && !type.isEmpty()
                        ? type.valueStream().allMatch(SchemaCheck::isType)
                        : isType(type);
        return known ? null : form("type", "one of " + String.join(", ", TYPES));
    }

    private static boolean isType(JsonNode name) {
        return name.isString() && TYPES.contains(name.stringValue());
    }

    private static @Nullable String each(JsonNode schemas, int depth) {
        for (JsonNode schema : schemas) {
            String fault = schema(schema, depth + 1);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static String form(String keyword, String form) {
        return "must be a JSON Schema; its '" + keyword + "' must be " + form;
    }
}
