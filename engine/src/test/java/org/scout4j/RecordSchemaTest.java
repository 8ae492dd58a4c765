package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.json.JsonMapper;

/** The schemas of records, against schemas written by hand. */
class RecordSchemaTest {
    private enum Colour {
        RED,
        GREEN
    }

    private record Everything(
            String text,
            byte small,
            int count,
            long id,
            @Nullable Double weight,
            BigDecimal price,
            boolean sold,
            Colour colour,
            LocalDate day,
            UUID key,
            @JsonProperty("tag_list") @JsonPropertyDescription("short words") List<String> tags,
            Set<Integer> numbers,
            Set<List<String>> words,
            int[] grid,
            Map<String, Boolean> flags,
            Optional<String> note) {}

    private record Tree(String name, List<Tree> children, @Nullable Tree parent) {}

    private record Unfit(Thread thread) {}

    @Test
    void everyKindOfComponent() {
        assertSchema(
                Everything.class,
                """
                {"$ref": "#/$defs/Everything", "$defs": {"Everything": {
                  "type": "object",
                  "properties": {
                    "text": {"type": "string"},
                    "small": {"type": "integer", "minimum": -128, "maximum": 127},
                    "count": {"type": "integer", "minimum": -2147483648, "maximum": 2147483647},
                    "id": {"type": "integer",
                           "minimum": -9223372036854775808, "maximum": 9223372036854775807},
                    "weight": {"anyOf": [{"type": "number"}, {"type": "null"}]},
                    "price": {"type": "number"},
                    "sold": {"type": "boolean"},
                    "colour": {"enum": ["RED", "GREEN"]},
                    "day": {"type": "string", "format": "date"},
                    "key": {"type": "string", "format": "uuid"},
                    "tag_list": {"type": "array", "items": {"type": "string"},
                                 "description": "short words"},
                    "numbers": {"type": "array", "items":
                      {"type": "integer", "minimum": -2147483648, "maximum": 2147483647},
                      "uniqueItems": true},
                    "words": {"type": "array", "items":
                      {"type": "array", "items": {"type": "string"}}},
                    "grid": {"type": "array", "items":
                      {"type": "integer", "minimum": -2147483648, "maximum": 2147483647}},
                    "flags": {"type": "object", "additionalProperties": {"type": "boolean"}},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]}
                  },
                  "required": ["text", "small", "count", "id", "weight", "price", "sold", "colour",
                    "day", "key", "tag_list", "numbers", "words", "grid", "flags", "note"],
                  "additionalProperties": false
                }}}
                """);
    }

    @Test
    void aRecordMayContainItself() {
        assertSchema(
                Tree.class,
                """
                {"$ref": "#/$defs/Tree", "$defs": {"Tree": {
                  "type": "object",
                  "properties": {
                    "name": {"type": "string"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
                    "parent": {"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]}
                  },
                  "required": ["name", "children", "parent"],
                  "additionalProperties": false
                }}}
                """);
    }

    @Test
    void typesWithoutASchemaAreNamed() {
        assertThatThrownBy(() -> JsonSchema.of(Unfit.class))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(
                        "Unfit.thread has the type java.lang.Thread, which has no JSON Schema.");
    }

    @Test
    void textThatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> JsonSchema.of("{\"type\": "))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("The schema is not JSON: ");
        assertThatThrownBy(() -> JsonSchema.of("[".repeat(100_000)))
                .isInstanceOf(InvalidRequest.class);
    }

    /** Equal as text too: the order of properties is the order of the answer. */
    private static void assertSchema(Class<? extends Record> type, String expected) {
        assertThat(JsonSchema.of(type).schema().toString())
                .isEqualTo(JsonMapper.shared().readTree(expected).toString());
    }
}
