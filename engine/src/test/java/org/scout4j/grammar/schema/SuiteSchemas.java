package org.scout4j.grammar.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of the test data with their instances. */
final class SuiteSchemas {
    private static final Path DATA = Path.of("src/test/resources/golden/json-schema");

    private SuiteSchemas() {}

    /**
     * A schema that is supported.
     *
     * @param tests each with {@code data} and {@code valid}
     */
    record Supported(String name, JsonNode schema, CompiledSchema compiled, JsonNode tests) {}

    /** Those of the JSON-Schema-Test-Suite: both drafts, the optional ones of 2020-12 too. */
    static List<Supported> suite() {
        List<Supported> found = new ArrayList<>();
        for (String folder : List.of("draft2020-12", "draft2020-12/optional", "draft7")) {
            for (Path file : files(DATA.resolve("suite").resolve(folder))) {
                for (JsonNode group : Json.read(read(file))) {
                    if (folder.equals("draft7") && group.get("schema") instanceof ObjectNode it) {
                        it.put("$schema", "http://json-schema.org/draft-07/schema#");
                    }
                    String name =
                            folder + "/" + file.getFileName() + " " + group.get("description");
                    add(name, group, found);
                }
            }
        }
        return found;
    }

    /** Those of MaskBench. */
    static List<Supported> maskBench() {
        List<Supported> found = new ArrayList<>();
        read(DATA.resolve("maskbench.jsonl"))
                .lines()
                .map(Json::read)
                .forEach(row -> add(row.get("name").stringValue(), row, found));
        return found;
    }

    private static void add(String name, JsonNode row, List<Supported> found) {
        try {
            CompiledSchema compiled =
                    SchemaCompiler.compile(row.get("schema"), true, CompileBudget.ofRequest());
            found.add(new Supported(name, row.get("schema"), compiled, row.get("tests")));
        } catch (GrammarRefused refused) {
            // Which of them may be refused is SchemaSuiteTest's matter.
        }
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
