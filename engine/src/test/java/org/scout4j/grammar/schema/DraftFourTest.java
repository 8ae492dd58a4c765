package org.scout4j.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.grammar.CompileBudget;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Draft 4 §3.5 (core): an integer is "a JSON number without a fraction or exponent part"; later
 * drafts go by its value.
 */
class DraftFourTest {
    private static final String DRAFT_4 =
            "\"$schema\":\"http://json-schema.org/draft-04/schema#\",";

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'type':'integer' | 2 | true | true",
                "'type':'integer' | 2.0 | false | true",
                "'type':'integer' | -0 | true | true",
                "'type':'integer' | 2.5 | false | false",
                "'type':['integer','null'] | 2.0 | false | true",
                "'type':'integer','minimum':1,'maximum':9 | 2.0 | false | true",
                "'type':'integer','minimum':1,'maximum':9 | 12 | false | false",
                "'type':'number' | 2.0 | true | true",
                "'multipleOf':1 | 2.0 | true | true",
                "'enum':[2] | 2.0 | true | true",
                "'not':{'type':'integer'} | 2.0 | true | false",
                "'not':{'type':'integer'} | 2 | false | false",
            })
    void integersGoBySpelling(String rules, String number, boolean inDraft4, boolean later) {
        String json = rules.strip().replace('\'', '"');
        assertThat(admits("{" + DRAFT_4 + json + "}", number)).isEqualTo(inDraft4);
        assertThat(admits("{" + json + "}", number)).isEqualTo(later);
    }

    private static boolean admits(String schema, String number) {
        CompiledSchema compiled =
                SchemaCompiler.compile(MAPPER.readTree(schema), true, CompileBudget.ofRequest());
        return new Admission(false).admits(compiled.root(), MAPPER.readTree(number.strip()));
    }
}
