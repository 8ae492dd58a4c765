package org.scout4j;

import org.scout4j.error.InvalidRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON document that a schema allows (docs/structured-output.md). The answer is valid whatever
 * the model would rather write; only the most tokens allowed can cut it short, and its finish
 * reason says so.
 *
 * {@snippet :
 * record City(String name, int population) {}
 * ChatRequest request = ChatRequest.builder()
 *         .user("Which city is the largest of Norway?")
 *         .responseFormat(JsonSchema.of(City.class))
 *         .build();
 * City city = scout.chat(request).as(City.class);
 * }
 *
 * @param schema JSON Schema: an object or a boolean
 * @param strict whether keywords that cannot be enforced are refused; otherwise they are left out
 */
public record JsonSchema(JsonNode schema, boolean strict) implements ResponseFormat {
    private static final int MOST_NESTING = 200;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_NESTING)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** A schema of which everything is enforced. */
    public JsonSchema(JsonNode schema) {
        this(schema, true);
    }

    /**
     * Reads a schema.
     *
     * @throws InvalidRequest if it is not JSON
     */
    public static JsonSchema of(String json) {
        try {
            return new JsonSchema(MAPPER.readTree(json));
        } catch (JacksonException e) {
            throw new InvalidRequest(
                    "schema", "The schema is not JSON: " + e.getOriginalMessage() + ".");
        }
    }

    /**
     * The schema of a record: every component is required, in their order, and nothing else is
     * allowed. Components may be strings, numbers, booleans, enums, dates and times that JSON
     * Schema has formats for, {@code UUID}, {@code URI}, lists, sets, arrays, maps with string
     * keys, {@code Optional}, and records of these; a component whose type is marked
     * {@code @Nullable} may be null. Jackson's {@code @JsonProperty} renames a component, and
     * {@code @JsonPropertyDescription} describes it.
     *
     * @throws InvalidRequest if a component has a type that has no schema
     */
    public static JsonSchema of(Class<? extends Record> type) {
        return new JsonSchema(RecordSchema.of(type));
    }
}
