package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.JsonSchema;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.schema.CompiledSchema;
import org.scout4j.grammar.schema.SchemaCompiler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** {@code scout4j schema check}: whether answers can be held to a schema. */
@Command(
        name = "check",
        abbreviateSynopsis = true,
        description = {
            "Tells whether answers can be held to a JSON Schema.",
            "",
            "The exit code is 0 if all of it is enforced, and 2 if something in it is not: each such"
                    + " keyword is named with its place and the reason.",
        })
final class SchemaCheckCommand implements Subcommand {
    private final Surroundings here;

    @Parameters(paramLabel = "FILE", description = "The schema; - is standard input.")
    private String file = "";

    @Mixin private final OutputFlags output = new OutputFlags();

    SchemaCheckCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        JsonSchema schema = JsonSchema.of(InputText.of(file, here));
        Finding finding = Finding.of(schema);
        if (output.json) {
            here.out().println(JsonText.document(finding::write));
        } else {
            finding.lines().forEach(here.out()::println);
        }
        return finding.problems().isEmpty() ? ExitCodes.OK : ExitCodes.USAGE;
    }

    /**
     * What was found.
     *
     * @param problems everything that stands in the way, or the first thing that stops the compiler
     * @param optional whether a request that is not strict goes without the rules of the problems
     */
    private record Finding(List<GrammarRefused> problems, boolean optional) {

        static Finding of(JsonSchema schema) {
            try {
                CompiledSchema relaxed =
                        SchemaCompiler.compile(schema.schema(), false, CompileBudget.ofRequest());
                return new Finding(relaxed.relaxed(), true);
            } catch (GrammarRefused refused) {
                return new Finding(List.of(refused), false);
            }
        }

        List<String> lines() {
            if (problems.isEmpty()) {
                return List.of("supported: every answer held to this schema is valid");
            }
            List<String> lines = new ArrayList<>();
            lines.add("not supported:");
            problems.forEach(problem -> lines.add("  " + SchemaLines.told(problem)));
            lines.add(
                    optional
                            ? "with \"strict\": false an answer is not held to "
                                    + (problems.size() == 1 ? "this rule" : "these rules")
                                    + ", but to all others"
                            : "\"strict\": false would not help");
            return lines;
        }

        void write(JsonGenerator generator) {
            generator.writeBooleanProperty("supported", problems.isEmpty());
            generator.writeArrayPropertyStart("problems");
            for (GrammarRefused problem : problems) {
                generator.writeStartObject();
                generator.writeStringProperty("path", problem.path());
                generator.writeStringProperty("keyword", problem.keyword());
                generator.writeStringProperty("reason", SchemaLines.name(problem.reason()));
                generator.writeStringProperty("message", problem.problem());
                generator.writeBooleanProperty("left_out_unless_strict", optional);
                generator.writeEndObject();
            }
            generator.writeEndArray();
        }
    }
}
