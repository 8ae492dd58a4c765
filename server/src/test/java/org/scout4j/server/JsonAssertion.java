package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One assertion of a fixture: {@code [path, operator, value]}. Paths are {@code $.a[0].b}, {@code
 * @header:name} and {@code @body} (spec "API" §8).
 */
record JsonAssertion(String path, String operator, JsonNode expected) {
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    static JsonAssertion of(JsonNode row) {
        return new JsonAssertion(row.get(0).stringValue(), row.get(1).stringValue(), row.get(2));
    }

    void check(HttpResponse<String> response) {
        if (path.equals("@body")) {
            check(Optional.of(JsonMapper.shared().getNodeFactory().stringNode(response.body())));
        } else if (path.startsWith("@header:")) {
            check(
                    response.headers()
                            .firstValue(path.substring("@header:".length()))
                            .map(text -> JsonMapper.shared().getNodeFactory().stringNode(text)));
        } else {
            check(NanoServer.json(response));
        }
    }

    void check(JsonNode document) {
        check(find(document, path));
    }

    /** The value at a path, null included. */
    static Optional<JsonNode> find(JsonNode document, String path) {
        JsonNode node = document;
        String rest = path.substring(1);
        while (node != null && !rest.isEmpty()) {
            int end = 1;
            while (end < rest.length() && ".[".indexOf(rest.charAt(end)) < 0) {
                end++;
            }
            node =
                    rest.charAt(0) == '['
                            ? node.get(Integer.parseInt(rest.substring(1, end - 1)))
                            : node.get(rest.substring(1, end));
            rest = rest.substring(end);
        }
        return Optional.ofNullable(node);
    }

    private void check(Optional<? extends JsonNode> found) {
        String what = path + " " + operator + " " + expected;
        if (operator.equals("absent")) {
            assertThat(found).as(what).isEmpty();
            return;
        }
        assertThat(found).as(what).isPresent();
        JsonNode value = found.get();
        switch (operator) {
            case "exists" -> {}
            case "==" -> assertThat((Object) value).as(what).isEqualTo(expected);
            case "!=" -> assertThat((Object) value).as(what).isNotEqualTo(expected);
            case ">" -> assertThat(value.doubleValue()).as(what).isGreaterThan(expected.asDouble());
            case "<=" ->
                    assertThat(value.doubleValue())
                            .as(what)
                            .isLessThanOrEqualTo(expected.asDouble());
            case "in" -> assertThat(expected.valueStream().toList()).as(what).contains(value);
            case "len" -> assertThat(value.size()).as(what).isEqualTo(expected.asInt());
            case "type" -> checkType(value, what);
            case "contains" -> checkContains(value, what);
            case "startswith" ->
                    assertThat(value.stringValue()).as(what).startsWith(expected.stringValue());
            case "matches" ->
                    assertThat(value.stringValue())
                            .as(what)
                            .matches(Pattern.compile(expected.stringValue()));
            case "json-type" -> checkType(inner(value), what);
            case "json-schema" -> checkSchema(inner(value), expected, what);
            default -> throw new AssertionError("unknown operator: " + what);
        }
    }

    /** The value that a text spells; any other value is it itself. */
    private static JsonNode inner(JsonNode text) {
        return !text.isString() ? text : JsonMapper.shared().readTree(text.stringValue());
    }

    private void checkType(JsonNode value, String what) {
        boolean is =
                switch (expected.stringValue()) {
                    case "string" -> value.isString();
                    case "array" -> value.isArray();
                    case "object" -> value.isObject();
                    case "integer" -> value.isIntegralNumber();
                    case "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    case "null" -> value.isNull();
                    default -> throw new AssertionError("unknown type: " + what);
                };
        assertThat(is).as(what).isTrue();
    }

    private void checkContains(JsonNode value, String what) {
        if (value.isArray()) {
            assertThat(value.valueStream().toList()).as(what).contains(expected);
        } else {
            assertThat(value.stringValue()).as(what).contains(expected.stringValue());
        }
    }

    /** A value must satisfy a JSON Schema. */
    static void checkSchema(JsonNode value, JsonNode schema, String what) {
        List<?> faults =
                SCHEMAS.getSchema(schema.toString(), InputFormat.JSON)
                        .validate(value.toString(), InputFormat.JSON);
        assertThat(faults).as("%s: %s", what, value).isEmpty();
    }
}
