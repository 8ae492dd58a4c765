package org.scout4j.grammar.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.schema.SchemaCompiler;
import tools.jackson.databind.json.JsonMapper;

/** Documents put into the order of their schemas. */
class MemberArrangementTest {
    private static final String SHAPES =
            """
            {"anyOf": [
              {"properties": {"x": {"type": "integer"}, "kind": {"const": "point"}},
               "required": ["kind"], "additionalProperties": {"type": "boolean"}},
              {"properties": {"kind": {"const": "circle"}, "x": {"type": "integer"},
                              "inner": {"type": "array", "items": {"$ref": "#"}}},
               "required": ["kind"], "additionalProperties": false}]}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"kind\":\"point\",\"x\":1} | {\"x\":1,\"kind\":\"point\"}",
                "{\"x\":1,\"kind\":\"circle\"} | {\"kind\":\"circle\",\"x\":1}",
                "{\"b\":true,\"kind\":\"point\",\"a\":false} |"
                        + " {\"kind\":\"point\",\"b\":true,\"a\":false}",
                "{\"inner\":[{\"kind\":\"point\",\"x\":1},{\"x\":2,\"kind\":\"circle\"}],"
                        + "\"kind\":\"circle\"} | {\"kind\":\"circle\",\"inner\":"
                        + "[{\"x\":1,\"kind\":\"point\"},{\"kind\":\"circle\",\"x\":2}]}",
                // Not allowed: as it was.
                "{\"x\":1,\"kind\":\"square\"} | {\"x\":1,\"kind\":\"square\"}",
                "{\"x\":1.5,\"kind\":\"circle\"} | {\"x\":1.5,\"kind\":\"circle\"}",
            })
    void membersComeInTheOrderOfTheAlternativeThatTakesThem(String document, String expected) {
        JsonMapper mapper = JsonMapper.shared();
        ValueNode root =
                SchemaCompiler.compile(mapper.readTree(SHAPES), true, CompileBudget.ofRequest())
                        .root();
        assertThat(MemberArrangement.arranged(root, mapper.readTree(document.strip())).toString())
                .isEqualTo(expected.strip());
    }
}
