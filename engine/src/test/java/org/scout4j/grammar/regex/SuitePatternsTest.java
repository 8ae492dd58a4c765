package org.scout4j.grammar.regex;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.grammar.CompileBudget;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Patterns and verdicts of others. */
class SuitePatternsTest {
    private static final String GOLDEN = "/golden/json-schema-patterns/";

    @ParameterizedTest
    @ValueSource(strings = {"pattern", "ecmascript-regex", "non-bmp-regex"})
    void theSuiteAgrees(String file) throws IOException {
        JsonNode groups = JsonMapper.builder().build().readTree(read(file + ".json"));
        int asked = 0;
        for (JsonNode group : groups) {
            JsonNode schema = group.get("schema");
            if (!schema.has("pattern")) {
                continue;
            }
            String pattern = schema.get("pattern").asString();
            TextDfa dfa = Patterns.compile(pattern, CompileBudget.ofRequest());
            for (JsonNode test : group.get("tests")) {
                if (test.get("data").isString()) {
                    asked++;
                    assertThat(dfa.contains(test.get("data").asString()))
                            .as("%s: %s", pattern, test.get("description").asString())
                            .isEqualTo(test.get("valid").asBoolean());
                }
            }
        }
        assertThat(asked).isPositive();
    }

    @Test
    void patternsOfTheWildAreCompiled() throws IOException {
        List<String> patterns = read("wild.txt").lines().toList();
        assertThat(patterns).hasSizeGreaterThan(30);
        for (String pattern : patterns) {
            TextDfa dfa = Patterns.compile(pattern, CompileBudget.ofRequest());
            String example = dfa.example();
            assertThat(java.util.regex.Pattern.compile(pattern).matcher(example).find())
                    .as("%s in its example \"%s\"", pattern, example)
                    .isTrue();
        }
    }

    private static String read(String name) throws IOException {
        try (InputStream in = SuitePatternsTest.class.getResourceAsStream(GOLDEN + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
