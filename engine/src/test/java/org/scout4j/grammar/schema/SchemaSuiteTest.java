package org.scout4j.grammar.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON-Schema-Test-Suite: every schema is either refused, as listed here, or every verdict is
 * right. The same results stand in the table of docs/structured-output.md.
 */
class SchemaSuiteTest {
    private static final Path SUITE = Path.of("src/test/resources/golden/json-schema/suite");
    private static final Path DOCUMENT = Path.of("../docs/structured-output.md");

    /** Keywords for which schemas of a file may be refused. */
    private static final Map<String, Set<String>> REFUSED =
            Map.ofEntries(
                    Map.entry("defs.json", Set.of("$ref")),
                    Map.entry("definitions.json", Set.of("$ref")),
                    Map.entry("dynamicRef.json", Set.of("$ref")),
                    Map.entry("format.json", Set.of("format")),
                    Map.entry("multipleOf.json", Set.of("")),
                    Map.entry("ref.json", Set.of("$ref")),
                    Map.entry("refRemote.json", Set.of("$ref")),
                    Map.entry("unevaluatedItems.json", Set.of("contains")),
                    Map.entry("uniqueItems.json", Set.of("uniqueItems")),
                    Map.entry("vocabulary.json", Set.of("$schema")),
                    Map.entry("optional/cross-draft.json", Set.of("$ref")),
                    Map.entry("optional/format-assertion.json", Set.of("$schema")));

    /** Formats are asserted here, so these cases, which call them annotations, do not apply. */
    private static final String ANNOTATION = "only an annotation";

    private record Count(int right, int refused, int wrong) {
        Count plus(int moreRight, int moreRefused, int moreWrong) {
            return new Count(right + moreRight, refused + moreRefused, wrong + moreWrong);
        }
    }

    private final List<String> faults = new ArrayList<>();

    @Test
    void everyVerdictOfDraft202012IsRightOrTheSchemaIsRefused() {
        Map<String, Count> counts = judge("draft2020-12", "", "optional");
        assertEquals(List.of(), faults);
        int right = 0;
        int all = 0;
        for (Map.Entry<String, Count> entry : counts.entrySet()) {
            if (!entry.getKey().contains("/")) {
                right += entry.getValue().right;
                all += entry.getValue().right + entry.getValue().refused;
            }
        }
        assertTrue(right >= 0.9 * all, right + " of " + all + " required cases");
        String document = read(DOCUMENT);
        String table = table(counts);
        assertTrue(
                document.contains(table),
                "docs/structured-output.md must have this table:\n" + table);
    }

    @Test
    void everyVerdictOfDraft7IsRightOrTheSchemaIsRefused() {
        judge("draft7", "");
        assertEquals(List.of(), faults);
    }

    private static String table(Map<String, Count> counts) {
        StringBuilder table = new StringBuilder("| File | Right | Refused |\n|---|---:|---:|\n");
        for (Map.Entry<String, Count> entry : counts.entrySet()) {
            table.append("| ")
                    .append(entry.getKey())
                    .append(" | ")
                    .append(entry.getValue().right)
                    .append(" | ")
                    .append(entry.getValue().refused)
                    .append(" |\n");
        }
        return table.toString();
    }

    private Map<String, Count> judge(String draft, String... folders) {
        Map<String, Count> counts = new TreeMap<>();
        for (String folder : folders) {
            for (Path file : files(SUITE.resolve(draft).resolve(folder))) {
                String name = folder.isEmpty() ? "" : folder + "/";
                name += file.getFileName();
                Count count = new Count(0, 0, 0);
                for (JsonNode group : Json.read(read(file))) {
                    count = judge(draft, name, group, count);
                }
                counts.put(name, count);
            }
        }
        return counts;
    }

    private Count judge(String draft, String file, JsonNode group, Count before) {
        JsonNode schema = group.get("schema");
        if (draft.equals("draft7") && schema instanceof ObjectNode object) {
            object.put("$schema", "http://json-schema.org/draft-07/schema#");
        }
        CompiledSchema compiled = null;
        try {
            compiled = SchemaCompiler.compile(schema, true, CompileBudget.ofRequest());
        } catch (GrammarRefused refused) {
            if (refused.reason() != Reason.UNSATISFIABLE) {
                Set<String> allowed = REFUSED.getOrDefault(file, Set.of());
                if (!allowed.contains(refused.keyword())) {
                    faults.add(
                            file
                                    + ", "
                                    + group.get("description")
                                    + ": refused at "
                                    + refused.path()
                                    + " "
                                    + refused.keyword()
                                    + " "
                                    + refused.problem());
                }
                return before.plus(0, group.get("tests").size(), 0);
            }
        }
        Count count = before;
        for (JsonNode test : group.get("tests")) {
            if (test.get("description").stringValue().contains(ANNOTATION)) {
                continue;
            }
            boolean valid = test.get("valid").booleanValue();
            boolean admitted =
                    compiled != null
                            && new Admission(false).admits(compiled.root(), test.get("data"));
            if (admitted != valid) {
                faults.add(file + ", " + group.get("description") + ", " + test.get("description"));
            }
            count = count.plus(admitted == valid ? 1 : 0, 0, admitted == valid ? 0 : 1);
        }
        return count;
    }

    private static Set<Path> files(Path folder) {
        Set<Path> files = new TreeSet<>();
        try (var list = Files.newDirectoryStream(folder, "*.json")) {
            list.forEach(files::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
