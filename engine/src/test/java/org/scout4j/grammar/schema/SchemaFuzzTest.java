package org.scout4j.grammar.schema;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Whatever JSON a client sends as a schema, it is compiled or refused. */
class SchemaFuzzTest {
    @FuzzTest
    void compilesOrRefuses(byte[] data) {
        JsonNode schema;
        try {
            schema = Json.read(new String(data, StandardCharsets.UTF_8));
        } catch (JacksonException notJson) {
            return;
        }
        try {
            CompiledSchema compiled =
                    SchemaCompiler.compile(schema, true, CompileBudget.ofRequest());
            assertFalse(compiled.root().alternatives().isEmpty());
        } catch (GrammarRefused refused) {
            assertFalse(refused.problem().isEmpty());
        }
    }
}
