package org.scout4j;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.scout4j.error.AnswerUnusable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON that the model wrote as a record. The text is checked against the record's schema first: a
 * member that lacks, is unknown, null or of another type is an error and never a default value.
 */
final class RecordReader {
    private static final String REMEDY =
            "Hold the answer to the record's schema: responseFormat(JsonSchema.of(…)).";

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
                    .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
                    .build();

    private final JsonNode definitions;

    private RecordReader(JsonNode schema) {
        this.definitions = schema.path("$defs");
    }

    /**
     * Reads a record.
     *
     * @throws AnswerUnusable if the text is not JSON, or no such record
     * @throws org.scout4j.error.InvalidRequest if a component has a type that has no schema
     */
    static <T extends Record> T read(String json, Class<T> type) {
        JsonNode schema = RecordSchema.of(type);
        try {
            JsonNode node = MAPPER.readTree(json);
            Optional<String> problem =
                    new RecordReader(schema).problem(node, schema, type.getSimpleName());
            if (problem.isPresent()) {
                throw unusable(type, problem.get());
            }
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw unusable(type, e.getOriginalMessage());
        }
    }

    /** A value as the JSON that {@link #read} would read. */
    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    private static AnswerUnusable unusable(Class<?> type, String problem) {
        return new AnswerUnusable(
                "The answer is no " + type.getSimpleName() + ": " + problem + ".", REMEDY);
    }

    /** What a value lacks to be one that a record's schema describes. */
    private Optional<String> problem(JsonNode value, JsonNode schema, String where) {
        if (schema.has("$ref")) {
            String reference = schema.path("$ref").asString();
            String name = reference.substring(reference.lastIndexOf('/') + 1);
            return problem(value, definitions.path(name), where);
        }
        if (schema.has("anyOf")) {
            return value.isNull()
                    ? Optional.empty()
                    : problem(value, schema.path("anyOf").path(0), where);
        }
        if (schema.has("enum")) {
            for (JsonNode allowed : schema.path("enum")) {
                if (allowed.equals(value)) {
                    return Optional.empty();
                }
            }
            return Optional.of(where + " is none of " + schema.path("enum"));
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> objectProblem(value, schema, where);
            case "array" -> arrayProblem(value, schema, where);
            case "string" -> unless(value.isString(), where + " is not a string");
            case "boolean" -> unless(value.isBoolean(), where + " is not true or false");
            case "number" -> unless(value.isNumber(), where + " is not a number");
            case "integer" -> integerProblem(value, schema, where);
            default -> Optional.empty();
        };
    }

    private static Optional<String> unless(boolean right, String problem) {
        return right ? Optional.empty() : Optional.of(problem);
    }

    private static Optional<String> integerProblem(JsonNode value, JsonNode schema, String where) {
        if (!value.isNumber() || value.decimalValue().stripTrailingZeros().scale() > 0) {
            return Optional.of(where + " is not a whole number");
        }
        if (!schema.has("minimum")) {
            return Optional.empty();
        }
        BigDecimal number = value.decimalValue();
        BigDecimal least = schema.path("minimum").decimalValue();
        BigDecimal most = schema.path("maximum").decimalValue();
        boolean within = number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
        return unless(within, where + " is not between " + least + " and " + most);
    }

    private Optional<String> arrayProblem(JsonNode value, JsonNode schema, String where) {
        if (!value.isArray()) {
            return Optional.of(where + " is not a list");
        }
        Set<JsonNode> seen = new HashSet<>();
        boolean unique = schema.path("uniqueItems").asBoolean(false);
        for (int i = 0; i < value.size(); i++) {
            String place = where + "[" + i + "]";
            if (unique && !seen.add(value.get(i))) {
                return Optional.of(place + " is there already");
            }
            Optional<String> problem = problem(value.get(i), schema.path("items"), place);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> objectProblem(JsonNode value, JsonNode schema, String where) {
        if (!value.isObject()) {
            return Optional.of(where + " is not an object");
        }
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asString())) {
                return Optional.of(where + "." + name.asString() + " is missing");
            }
        }
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String place = where + "." + member.getKey();
            JsonNode rule =
                    properties.has(member.getKey()) ? properties.get(member.getKey()) : others;
            if (rule.isBoolean()) {
                return Optional.of(place + " is not one of its members");
            }
            Optional<String> problem = problem(member.getValue(), rule, place);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }
}
