package org.scout4j.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import tools.jackson.databind.json.JsonMapper;

/** What cannot be enforced is refused with its keyword and place. */
class SchemaRefusalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"items\":{\"type\":\"object\"},\"uniqueItems\":true} | uniqueItems | ''",
                "{\"items\":{\"type\":[\"array\",\"boolean\"]},\"uniqueItems\":true} | uniqueItems | ''",
                "{\"properties\":{\"a/b\":{\"uniqueItems\":true}}} | uniqueItems | /properties/a~1b",
                "{\"type\":\"string\",\"format\":\"regex\"} | format | ''",
                "{\"items\":{\"pattern\":\"(a)\\\\1\"}} | pattern | /items",
                "{\"$ref\":\"https://example.org/other.json\"} | $ref | ''",
            })
    void theKeywordAndItsPlaceAreNamed(String schema, String keyword, String path) {
        assertThatThrownBy(() ->
                        SchemaCompiler.compile(
                                JsonMapper.shared().readTree(schema.strip()),
                                true,
                                CompileBudget.ofRequest()))
                .isInstanceOfSatisfying(
                        GrammarRefused.class,
                        refused -> {
                            assertThat(refused.keyword()).isEqualTo(keyword.strip());
                            assertThat(refused.path()).isEqualTo(path.strip().replace("''", ""));
                            assertThat(refused.reason())
                                    .isEqualTo(GrammarRefused.Reason.UNSUPPORTED);
                        });
    }
}
