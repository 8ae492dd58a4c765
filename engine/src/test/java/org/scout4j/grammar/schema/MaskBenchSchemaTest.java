package org.scout4j.grammar.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import tools.jackson.databind.JsonNode;

/** Real schemas with instances in the schema's order: each is supported and every verdict right. */
class MaskBenchSchemaTest {
    private static final Path ROWS =
            Path.of("src/test/resources/golden/json-schema/maskbench.jsonl");

    @Test
    void everyVerdictIsRight() throws IOException {
        List<String> faults = new ArrayList<>();
        for (String line : Files.readAllLines(ROWS)) {
            JsonNode row = Json.read(line);
            String name = row.get("name").stringValue();
            try {
                CompiledSchema compiled =
                        SchemaCompiler.compile(row.get("schema"), true, CompileBudget.ofRequest());
                for (JsonNode test : row.get("tests")) {
                    boolean valid = test.get("valid").booleanValue();
                    if (new Admission(true).admits(compiled.root(), test.get("data")) != valid) {
                        faults.add(name + ": " + test.get("data"));
                    }
                }
            } catch (GrammarRefused refused) {
                faults.add(name + ": " + refused.path() + " " + refused.problem());
            }
        }
        assertEquals(List.of(), faults);
    }
}
