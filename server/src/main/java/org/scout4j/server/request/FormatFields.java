package org.scout4j.server.request;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.scout4j.JsonSchema;
import org.scout4j.ResponseFormat;
import org.scout4j.error.InvalidRequest;
import org.scout4j.server.ProblemException;
import tools.jackson.databind.JsonNode;

/**
 * The fields that hold an answer to a form: OpenAI's {@code response_format}, and what vLLM,
 * llama-server and OpenRouter call it.
 */
final class FormatFields {
    private static final List<String> FORMATS = List.of("text", "json_object", "json_schema");
    private static final List<String> CONSTRAINTS =
            List.of("json", "json_object", "regex", "choice", "grammar");
    private static final int MOST_CHOICES = 1_000;
    private static final int LONGEST_SCHEMA = 256 * 1024; // spec "Reliability" L-19

    private FormatFields() {}

    static <T> void addTo(FieldTable<T> table, Function<T, AnswerDraft> answer) {
        FieldTable<AnswerDraft> to = new FieldTable<>();
        to.field("response_format", FormatFields::responseFormat);
        to.field("structured_outputs", FormatFields::structuredOutputs);
        to.field("json_schema", (draft, value) -> draft.format(value, schema(value, true)));
        to.field("guided_json", (draft, value) -> draft.format(value, schema(value, true)));
        to.field("guided_regex", (draft, value) -> draft.format(value, pattern(value)));
        to.field("guided_choice", (draft, value) -> draft.format(value, choice(value)));
        to.field("grammar", (draft, value) -> refuseGrammar(value));
        to.field("guided_grammar", (draft, value) -> refuseGrammar(value));
        table.under(answer, to);
    }

    /** A {@code response_format} whose schema may also stand there without OpenAI's wrapper. */
    static <T> void addBareTo(FieldTable<T> table, Function<T, AnswerDraft> answer) {
        FieldTable<AnswerDraft> to = new FieldTable<>();
        to.field(
                "response_format",
                (draft, value) -> {
                    Optional<JsonValue> given = value.field("json_schema");
                    boolean named = value.required("type").oneOf(FORMATS).equals("json_schema");
                    if (named && given.isPresent() && given.get().field("schema").isEmpty()) {
                        draft.format(given.get(), schema(given.get(), true));
                    } else {
                        responseFormat(draft, value);
                    }
                });
        table.under(answer, to);
    }

    private static void responseFormat(AnswerDraft draft, JsonValue value) {
        switch (value.required("type").oneOf(FORMATS)) {
            case "json_object" -> jsonObject(draft, value);
            case "json_schema" -> {
                JsonValue wrapper = value.required("json_schema").object();
                wrapper.field("name").ifPresent(JsonValue::string);
                wrapper.field("description").ifPresent(JsonValue::string);
                boolean strict = wrapper.field("strict").map(JsonValue::flag).orElse(true);
                JsonValue schema = wrapper.required("schema");
                draft.format(schema, schema(schema, strict));
            }
            default -> {} // text
        }
    }

    /** Any object, or what the schema says that llama-server takes beside the type. */
    private static void jsonObject(AnswerDraft draft, JsonValue value) {
        Optional<JsonValue> schema = value.field("schema");
        if (schema.isPresent()) {
            draft.format(schema.get(), schema(schema.get(), true));
        } else {
            draft.format(value, ResponseFormat.JSON_OBJECT);
        }
    }

    /** OpenRouter's flag says what the client can read; vLLM's object asks for a constraint. */
    private static void structuredOutputs(AnswerDraft draft, JsonValue value) {
        if (value.node().isBoolean()) {
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.object().node().properties()) {
            boolean known = CONSTRAINTS.contains(entry.getKey());
            if (!known && !entry.getValue().isNull()) {
                throw value.unsupported("may hold " + String.join(", ", CONSTRAINTS) + " only");
            }
        }
        value.field("json").ifPresent(json -> draft.format(json, schema(json, true)));
        value.field("regex").ifPresent(regex -> draft.format(regex, pattern(regex)));
        value.field("choice").ifPresent(choice -> draft.format(choice, choice(choice)));
        value.field("grammar").ifPresent(FormatFields::refuseGrammar);
        boolean any = value.field("json_object").map(JsonValue::flag).orElse(false);
        if (any) {
            draft.format(value.required("json_object"), ResponseFormat.JSON_OBJECT);
        }
        if (CONSTRAINTS.stream().allMatch(name -> value.field(name).isEmpty())) {
            throw value.invalid("must have one of " + String.join(", ", CONSTRAINTS));
        }
    }

    /** A schema, or its text as vLLM takes it too. */
    private static JsonSchema schema(JsonValue value, boolean strict) {
        JsonNode given = value.node();
        int length = given.isString() ? value.string().length() : given.toString().length();
        if (length > LONGEST_SCHEMA) {
            throw tooLong(value);
        }
        JsonNode schema = given.isString() ? parsed(value) : given;
        if (!schema.isObject() && !schema.isBoolean()) {
            throw value.invalid("must be a JSON Schema: an object");
        }
        return new JsonSchema(schema, strict);
    }

    private static JsonNode parsed(JsonValue text) {
        try {
            return JsonSchema.of(text.string()).schema();
        } catch (InvalidRequest noJson) {
            throw text.invalid("must be a JSON Schema");
        }
    }

    private static ProblemException tooLong(JsonValue value) {
        return value.invalid("must have at most " + LONGEST_SCHEMA + " characters in all");
    }

    private static ResponseFormat pattern(JsonValue value) {
        return new ResponseFormat.Pattern(value.string());
    }

    private static ResponseFormat choice(JsonValue value) {
        List<String> texts =
                value.items(1, MOST_CHOICES).stream().map(JsonValue::string).distinct().toList();
        if (texts.contains("")) {
            throw value.invalid("must not hold an empty text");
        }
        if (texts.stream().mapToLong(String::length).sum() > LONGEST_SCHEMA) {
            throw tooLong(value);
        }
        return new ResponseFormat.Choice(texts);
    }

    private static void refuseGrammar(JsonValue value) {
        value.string();
        throw value.unsupported("is not supported; use a JSON Schema, regex or choice");
    }
}
