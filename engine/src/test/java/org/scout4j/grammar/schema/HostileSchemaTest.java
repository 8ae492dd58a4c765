package org.scout4j.grammar.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/** Schemas that are made to cost much, or that are wrong. */
class HostileSchemaTest {
    private static String list(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(","));
    }

    private static Map<String, String> costly() {
        return Map.ofEntries(
                Map.entry(
                        "product of many anyOf",
                        "{\"allOf\":["
                                + list(
                                        40,
                                        i ->
                                                "{\"anyOf\":[{\"required\":[\"a%d\"]},{\"required\":[\"b%d\"]}]}"
                                                        .formatted(i, i))
                                + "]}"),
                Map.entry(
                        "oneOf of overlapping requirements",
                        "{\"oneOf\":["
                                + list(
                                        60,
                                        i ->
                                                "{\"required\":[\"a%d\",\"b%d\",\"c%d\"]}"
                                                        .formatted(i, i, i))
                                + "]}"),
                Map.entry(
                        "dependencies",
                        "{\"dependentRequired\":{"
                                + list(60, i -> "\"a%d\":[\"b%d\"]".formatted(i, i))
                                + "}}"),
                Map.entry(
                        "overlapping patterns",
                        "{\"patternProperties\":{"
                                + list(40, i -> "\"a.{%d}b\":{\"minLength\":%d}".formatted(i, i))
                                + "}}"),
                Map.entry(
                        "not oneOf",
                        "{\"not\":{\"oneOf\":["
                                + list(
                                        200,
                                        i ->
                                                "{\"properties\":{\"a%d\":{\"minimum\":%d}}}"
                                                        .formatted(i, i))
                                + "]}}"),
                Map.entry(
                        "chain of references",
                        "{\"$ref\":\"#/$defs/d0\",\"$defs\":{"
                                + list(
                                        3000,
                                        i ->
                                                "\"d%d\":{\"$ref\":\"#/$defs/d%d\"}"
                                                        .formatted(i, i + 1))
                                + ",\"d3000\":{}}}"),
                Map.entry(
                        "doubling references",
                        "{\"$ref\":\"#/$defs/d0\",\"$defs\":{"
                                + list(
                                        60,
                                        i ->
                                                ("\"d%d\":{\"anyOf\":[{\"$ref\":\"#/$defs/d%d\"},"
                                                                + "{\"not\":{\"$ref\":\"#/$defs/d%d\"}}]}")
                                                        .formatted(i, i + 1, i + 1))
                                + ",\"d60\":{\"required\":[\"a\"]}}}"),
                Map.entry("deep", "{\"not\":".repeat(100_000) + "{}" + "}".repeat(100_000)),
                Map.entry(
                        "deep constant",
                        "{\"const\":" + "[".repeat(400) + "1" + "]".repeat(400) + "}"),
                Map.entry(
                        "huge count with a pattern",
                        "{\"pattern\":\"^(a|b)*$\",\"minLength\":99999,\"maxLength\":100000}"),
                Map.entry(
                        "unevaluated behind many conditions",
                        "{\"anyOf\":["
                                + list(30, i -> "{\"properties\":{\"a%d\":{}}}".formatted(i))
                                + "],\"unevaluatedProperties\":false}"),
                Map.entry(
                        "mutual recursion under not",
                        "{\"$ref\":\"#/$defs/a\",\"$defs\":{"
                                + "\"a\":{\"properties\":{\"x\":{\"not\":{\"$ref\":\"#/$defs/b\"}},"
                                + "\"y\":{\"$ref\":\"#/$defs/b\"}},\"anyOf\":[{\"required\":[\"x\"]},"
                                + "{\"required\":[\"y\"]}]},\"b\":{\"oneOf\":[{\"$ref\":\"#/$defs/a\"},"
                                + "{\"properties\":{\"y\":{\"$ref\":\"#/$defs/a\"}}}]}}}"),
                Map.entry("step of many digits", "{\"multipleOf\":123456789.123456789123}"),
                Map.entry(
                        "many required",
                        "{\"required\":[" + list(9000, i -> "\"r" + i + "\"") + "]}"));
    }

    @TestFactory
    Iterable<DynamicTest> costlySchemasEndSoon() {
        return costly().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> endsSoon(entry)))
                .toList();
    }

    private static void endsSoon(Map.Entry<String, String> schema) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    try {
                        SchemaCompiler.compile(
                                Json.read(schema.getValue()), true, CompileBudget.ofRequest());
                    } catch (GrammarRefused refused) {
                        assertEquals(false, refused.problem().isEmpty());
                    }
                });
    }

    private static void refused(Reason reason, String path, String keyword, String schema) {
        GrammarRefused refused =
                assertThrows(
                        GrammarRefused.class,
                        () ->
                                SchemaCompiler.compile(
                                        Json.read(schema), true, CompileBudget.ofRequest()),
                        schema);
        assertEquals(reason, refused.reason(), schema);
        assertEquals(path, refused.path(), schema);
        assertEquals(keyword, refused.keyword(), schema);
    }

    @Test
    void wrongSchemasAreRefusedByPlaceAndKeyword() {
        refused(Reason.INVALID, "", "type", "{\"type\":\"stringg\"}");
        refused(
                Reason.INVALID,
                "/properties/a",
                "minimum",
                "{\"properties\":{\"a\":{\"minimum\":\"3\"}}}");
        refused(Reason.INVALID, "", "required", "{\"required\":\"a\"}");
        refused(Reason.INVALID, "", "required", "{\"required\":[1]}");
        refused(Reason.INVALID, "/items", "pattern", "{\"items\":{\"pattern\":\"(\"}}");
        refused(Reason.INVALID, "", "anyOf", "{\"anyOf\":[]}");
        refused(Reason.INVALID, "", "multipleOf", "{\"multipleOf\":0}");
        refused(Reason.INVALID, "/properties/a~1b", "a/b", "{\"properties\":{\"a/b\":3}}");
        refused(Reason.INVALID, "", "$ref", "{\"$ref\":\"#/$defs/a\"}");
        refused(Reason.INVALID, "", "$ref", "{\"$ref\":\"#\"}");
        refused(
                Reason.INVALID,
                "/$defs/a",
                "$ref",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/a\"}]}}}");
    }

    @Test
    void whatCannotBeEnforcedIsRefusedByPlaceAndKeyword() {
        refused(Reason.UNSUPPORTED, "/not", "uniqueItems", "{\"not\":{\"uniqueItems\":true}}");
        refused(
                Reason.UNSUPPORTED,
                "/items",
                "$ref",
                "{\"items\":{\"$ref\":\"https://example.com/a\"}}");
        refused(Reason.UNSUPPORTED, "", "format", "{\"format\":\"idn-hostname\"}");
        refused(Reason.UNSUPPORTED, "", "$schema", "{\"$schema\":\"https://example.com/own\"}");
        refused(
                Reason.UNSUPPORTED,
                "/items",
                "const",
                "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"items\":{\"const\":1}}");
    }

    @Test
    void schemasWithoutValuesAreRefused() {
        refused(Reason.UNSATISFIABLE, "", "", "false");
        refused(Reason.UNSATISFIABLE, "", "", "{\"type\":\"string\",\"enum\":[1]}");
        refused(
                Reason.UNSATISFIABLE,
                "",
                "",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}");
        refused(
                Reason.UNSATISFIABLE,
                "",
                "",
                "{\"type\":\"array\",\"items\":false,\"minItems\":1}");
        refused(
                Reason.UNSATISFIABLE,
                "",
                "",
                "{\"type\":\"array\",\"items\":{\"enum\":[1,2]},\"uniqueItems\":true,\"minItems\":3}");
    }

    @Test
    void relaxedSchemasSayWhatIsLeftOut() {
        CompiledSchema compiled =
                SchemaCompiler.compile(
                        Json.read("{\"properties\":{\"a\":{\"format\":\"idn-hostname\"}}}"),
                        false,
                        CompileBudget.ofRequest());
        assertEquals(
                List.of("/properties/a: format"),
                compiled.relaxed().stream()
                        .map(left -> left.path() + ": " + left.keyword())
                        .toList());
    }
}
