package org.scout4j.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.IndependentValidator;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.RandomAnswer;
import org.scout4j.grammar.machine.Grammar;
import org.scout4j.grammar.machine.TokenVocabulary;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import tools.jackson.databind.JsonNode;

/**
 * A model that wants to say anything, held to hundreds of schemas: 10,000 answers, and each is JSON
 * that another validator finds valid. {@code -Dscout4j.marathon=N} makes it N times as many.
 */
class RandomGenerationTest {
    private static final int ANSWERS = 10_000;
    private static final int MARATHON = Integer.getInteger("scout4j.marathon", 1);

    /** Own schemas, one or more for each keyword and for what happens between them. */
    private static final List<String> OWN =
            List.of(
                    "true",
                    "{\"type\":\"null\"}",
                    "{\"type\":\"boolean\"}",
                    "{\"type\":\"integer\"}",
                    "{\"type\":\"number\",\"minimum\":-1.5,\"exclusiveMaximum\":7.25}",
                    "{\"type\":\"integer\",\"exclusiveMinimum\":-3,\"maximum\":1200}",
                    "{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":0}",
                    "{\"type\":\"number\",\"multipleOf\":0.25,\"maximum\":10}",
                    "{\"type\":\"string\",\"minLength\":3,\"maxLength\":5}",
                    "{\"type\":\"string\",\"maxLength\":0}",
                    "{\"type\":\"string\",\"pattern\":\"^[a-z]{2,4}-\\\\d+$\"}",
                    "{\"type\":\"string\",\"pattern\":\"b\",\"maxLength\":6}",
                    "{\"type\":\"string\",\"format\":\"date\"}",
                    "{\"type\":\"string\",\"format\":\"date-time\"}",
                    "{\"type\":\"string\",\"format\":\"time\"}",
                    "{\"type\":\"string\",\"format\":\"duration\"}",
                    "{\"type\":\"string\",\"format\":\"email\"}",
                    "{\"type\":\"string\",\"format\":\"hostname\"}",
                    "{\"type\":\"string\",\"format\":\"ipv4\"}",
                    "{\"type\":\"string\",\"format\":\"ipv6\"}",
                    "{\"type\":\"string\",\"format\":\"uuid\"}",
                    "{\"type\":\"string\",\"format\":\"uri\"}",
                    "{\"enum\":[1,\"1\",null,[1,{\"a\":2}],{\"b\":[true],\"c\":\"é\\n\"}]}",
                    "{\"const\":{\"a\":[1,2.50,\"\\\"\\\\\"],\"b\":{}}}",
                    "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":4}",
                    "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"null\"}],"
                            + "\"items\":{\"type\":\"boolean\"},\"minItems\":1}",
                    "{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"b\",3]},\"uniqueItems\":true}",
                    "{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"string\"],\"maxLength\":2},"
                            + "\"contains\":{\"type\":\"string\"},\"minContains\":2,\"maxContains\":3,"
                            + "\"maxItems\":5}",
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},"
                            + "\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]}",
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},"
                            + "\"ab\":{\"type\":\"string\"},\"abc\":{}},\"additionalProperties\":false}",
                    "{\"type\":\"object\",\"patternProperties\":{\"^x\":{\"type\":\"integer\"},"
                            + "\"y$\":{\"minimum\":3}},\"additionalProperties\":{\"type\":\"boolean\"}}",
                    "{\"type\":\"object\",\"propertyNames\":{\"maxLength\":3},\"minProperties\":2,"
                            + "\"maxProperties\":4,\"additionalProperties\":{\"type\":\"null\"}}",
                    "{\"type\":\"object\",\"required\":[\"x\",\"y\"],"
                            + "\"additionalProperties\":{\"type\":\"integer\"}}",
                    "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{},\"c\":{}},"
                            + "\"dependentRequired\":{\"a\":[\"b\"],\"b\":[\"c\"]},"
                            + "\"additionalProperties\":false}",
                    "{\"type\":\"object\",\"dependentSchemas\":{\"a\":{\"properties\":"
                            + "{\"b\":{\"type\":\"integer\"}},\"required\":[\"b\"]}}}",
                    "{\"anyOf\":[{\"type\":\"integer\",\"minimum\":5},{\"type\":\"string\",\"maxLength\":2},"
                            + "{\"type\":\"object\",\"required\":[\"k\"]}]}",
                    "{\"oneOf\":[{\"type\":\"integer\",\"multipleOf\":3,\"minimum\":0},"
                            + "{\"type\":\"integer\",\"multipleOf\":5,\"minimum\":0}]}",
                    "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"t\":{\"const\":\"a\"},"
                            + "\"v\":{\"type\":\"integer\"}},\"required\":[\"t\",\"v\"]},"
                            + "{\"type\":\"object\",\"properties\":{\"t\":{\"const\":\"b\"},"
                            + "\"w\":{\"type\":\"string\"}},\"required\":[\"t\",\"w\"]}]}",
                    "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"minimum\":2}}},"
                            + "{\"properties\":{\"a\":{\"type\":\"integer\",\"maximum\":9}},"
                            + "\"required\":[\"a\"]}]}",
                    "{\"type\":\"string\",\"not\":{\"enum\":[\"a\",\"b\"]}}",
                    "{\"not\":{\"type\":[\"object\",\"array\",\"string\"]}}",
                    "{\"type\":\"object\",\"properties\":{\"kind\":{\"enum\":[\"n\",\"s\"]},\"v\":{}},"
                            + "\"required\":[\"kind\",\"v\"],\"if\":{\"properties\":{\"kind\":"
                            + "{\"const\":\"n\"}}},\"then\":{\"properties\":{\"v\":{\"type\":\"number\"}}},"
                            + "\"else\":{\"properties\":{\"v\":{\"type\":\"string\"}}}}",
                    "{\"$ref\":\"#/$defs/tree\",\"$defs\":{\"tree\":{\"type\":\"object\",\"properties\":"
                            + "{\"v\":{\"type\":\"integer\"},\"kids\":{\"type\":\"array\",\"items\":"
                            + "{\"$ref\":\"#/$defs/tree\"}}},\"required\":[\"v\"],"
                            + "\"additionalProperties\":false}}}",
                    "{\"type\":\"object\",\"properties\":{\"next\":{\"anyOf\":[{\"$ref\":\"#\"},"
                            + "{\"type\":\"null\"}]}},\"required\":[\"next\"],"
                            + "\"additionalProperties\":false}",
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},"
                            + "\"allOf\":[{\"properties\":{\"b\":{\"type\":\"string\"}}}],"
                            + "\"unevaluatedProperties\":false}",
                    "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"}],"
                            + "\"unevaluatedItems\":{\"type\":\"string\"}}",
                    "{\"type\":\"object\",\"properties\":{\"\":{\"type\":\"integer\"},"
                            + "\"\\\"q\\\\\\n\":{\"type\":\"integer\"},\"日本\":{\"type\":\"integer\"},"
                            + "\"😀\":{\"type\":\"integer\"}},\"required\":[\"😀\",\"\"],"
                            + "\"additionalProperties\":false}",
                    "{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"array\","
                            + "\"items\":{\"type\":\"number\"},\"minItems\":1},\"minItems\":1},\"minItems\":1}",
                    "{\"type\":[\"string\",\"null\"],\"minLength\":1}",
                    "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"array\",\"items\":"
                            + "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}}}}");

    /**
     * The other validator reads {@code \\cc} and {@code \\s} as Java does, not as ECMA-262 does.
     */
    private static final List<String> NOT_JUDGED =
            List.of("control codes with \\\\c and lower", "\\\\s matches whitespace");

    private record Schema(String name, IndependentValidator judge, Language language) {}

    private static List<Schema> schemas() {
        List<Schema> schemas = new ArrayList<>();
        for (String own : OWN) {
            JsonNode schema = Json.read(own);
            CompiledSchema compiled =
                    SchemaCompiler.compile(schema, true, CompileBudget.ofRequest());
            schemas.add(schema(own, schema, compiled));
        }
        for (SuiteSchemas.Supported each : SuiteSchemas.maskBench()) {
            schemas.add(schema(each.name(), each.schema(), each.compiled()));
        }
        for (SuiteSchemas.Supported each : SuiteSchemas.suite()) {
            if (NOT_JUDGED.stream().noneMatch(each.name()::contains)) {
                schemas.add(schema(each.name(), each.schema(), each.compiled()));
            }
        }
        return schemas;
    }

    private static Schema schema(String name, JsonNode schema, CompiledSchema compiled) {
        return new Schema(
                name, new IndependentValidator(schema), new Language.Document(compiled.root()));
    }

    @Test
    @Timeout(1200)
    void whateverAModelWantsToSayIsValid() {
        Tokenizer llama =
                Tokenizers.open(Path.of("src/test/resources/golden/tokenizer/tokenizer.model"));
        Tokenizer tiny =
                Tokenizers.open(
                        Path.of("src/test/resources/golden/model/scout-tiny/tokenizer.json"));
        TokenVocabulary large = TokenVocabulary.of(llama, Set.of());
        TokenVocabulary small = TokenVocabulary.of(tiny, Set.of());
        List<Schema> schemas = schemas();
        assertThat(schemas).hasSizeGreaterThanOrEqualTo(200);
        int each = Math.ceilDiv(ANSWERS * MARATHON, schemas.size());
        List<String> faults = new ArrayList<>();
        int drawn = 0;
        for (int number = 0; number < schemas.size(); number++) {
            Schema schema = schemas.get(number);
            Grammar ofLarge = Grammar.of(schema.language, large);
            Grammar ofSmall = Grammar.of(schema.language, small);
            for (int answer = 0; answer < each; answer++) {
                long seed = number * 1_000_003L + answer;
                SplittableRandom random = new SplittableRandom(seed);
                boolean isLarge = answer % 3 == 0;
                Tokenizer tokenizer = isLarge ? llama : tiny;
                RandomAnswer.Taste[] tastes = RandomAnswer.Taste.values();
                String what = schema.name + ", seed " + seed;
                RandomAnswer written =
                        RandomAnswer.draw(
                                (isLarge ? ofLarge : ofSmall).constraint(),
                                tokenizer::bytes,
                                random.nextInt(1, isLarge ? 24 : 80),
                                tastes[answer % tastes.length],
                                random,
                                what);
                drawn += written.drawn();
                String fault = fault(schema, written.text());
                if (!fault.isEmpty()) {
                    faults.add(what + ": " + written.text() + ": " + fault);
                }
            }
        }
        assertThat(faults).as("of %d answers, %d tokens", each * schemas.size(), drawn).isEmpty();
    }

    private static String fault(Schema schema, String document) {
        try {
            List<?> faults = schema.judge.faults(IndependentValidator.read(document));
            return faults.isEmpty() ? "" : faults.toString();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }
}
