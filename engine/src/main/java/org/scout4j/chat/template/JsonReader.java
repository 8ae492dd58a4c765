package org.scout4j.chat.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.scout4j.error.InvalidRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * JSON from a request as template values: untrusted, objects in their own order, numbers spelled as
 * they came.
 */
public final class JsonReader {
    /** Levels of arrays and objects inside each other. */
    public static final int DEPTH = 64;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private JsonReader() {}

    /** Reads a whole text; empty if it is not one JSON value, or nested too deeply. */
    public static Optional<Value> read(String json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            Value value = read(parser);
            return parser.nextToken() == null ? Optional.of(value) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Value read(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Value.Mapping mapping = new Value.Mapping();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    Text key = Text.untrusted(parser.getString());
                    parser.nextToken();
                    mapping.put(key, read(parser));
                }
                yield mapping;
            }
            case START_ARRAY -> {
                List<Value> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(parser));
                }
                yield Value.list(items);
            }
            case VALUE_STRING -> Text.untrusted(parser.getString());
            case VALUE_NUMBER_INT -> new Value.Int(new BigInteger(parser.getString()), false);
            case VALUE_NUMBER_FLOAT -> real(parser.getString());
            case VALUE_TRUE -> Value.TRUE;
            case VALUE_FALSE -> Value.FALSE;
            case VALUE_NULL -> Value.NONE;
            default -> throw new IllegalStateException("token " + token);
        };
    }

    /**
     * The value of a node that was read from JSON.
     *
     * @param param what the client calls it, for messages
     * @throws InvalidRequest if it is nested more than {@link #DEPTH} levels deep
     */
    public static Value of(JsonNode node, String param) {
        return of(node, param, 0);
    }

    private static Value of(JsonNode node, String param, int depth) {
        if (depth > DEPTH) {
            throw new InvalidRequest(
                    param, "'" + param + "' is nested more than " + DEPTH + " levels deep.");
        }
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Value.Mapping mapping = new Value.Mapping();
                for (Map.Entry<String, JsonNode> property : node.properties()) {
                    mapping.put(
                            Text.untrusted(property.getKey()),
                            of(property.getValue(), param, depth + 1));
                }
                yield mapping;
            }
            case ARRAY -> {
                List<Value> items = new ArrayList<>();
                node.forEach(item -> items.add(of(item, param, depth + 1)));
                yield Value.list(items);
            }
            case STRING -> Text.untrusted(node.stringValue());
            case NUMBER -> number(node);
            case BOOLEAN -> Value.of(node.booleanValue());
            case NULL -> Value.NONE;
            case BINARY, MISSING, POJO ->
                    throw new IllegalArgumentException("not JSON: " + node.getNodeType());
        };
    }

    private static Value number(JsonNode node) {
        if (node.isIntegralNumber()) {
            return new Value.Int(node.bigIntegerValue(), false);
        }
        if (node.isBigDecimal()) {
            BigDecimal decimal = node.decimalValue();
            return real(decimal.scale() > 0 ? decimal.toPlainString() : decimal.toString());
        }
        return Value.Real.of(node.doubleValue(), false);
    }

    private static Value real(String spelling) {
        return new Value.Real(Double.parseDouble(spelling), spelling, false);
    }
}
