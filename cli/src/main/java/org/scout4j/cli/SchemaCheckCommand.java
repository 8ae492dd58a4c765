package org.scout4j.cli;

import java.util.List;
import org.scout4j.JsonSchema;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.schema.CompiledSchema;
import org.scout4j.grammar.schema.SchemaCompiler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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
        List<GrammarRefused> problems = problems(schema);
        if (output.json) {
            here.out()
                    .println(
                            JsonText.document(generator -> {
                                generator.writeBooleanProperty("supported", problems.isEmpty());
                                generator.writeArrayPropertyStart("problems");
                                for (GrammarRefused problem : problems) {
                                    generator.writeStartObject();
                                    generator.writeStringProperty("path", problem.path());
                                    generator.writeStringProperty("keyword", problem.keyword());
                                    generator.writeStringProperty(
                                            "reason", SchemaLines.name(problem.reason()));
                                    generator.writeStringProperty("message", problem.problem());
                                    generator.writeEndObject();
                                }
                                generator.writeEndArray();
                            }));
        } else if (problems.isEmpty()) {
            here.out().println("supported: every answer held to this schema is valid");
        } else {
            here.out().println("not supported:");
            problems.forEach(problem -> here.out().println("  " + SchemaLines.told(problem)));
        }
        return problems.isEmpty() ? ExitCodes.OK : ExitCodes.USAGE;
    }

    /** Everything that stands in the way, or the first thing that stops the compiler. */
    private static List<GrammarRefused> problems(JsonSchema schema) {
        try {
            CompiledSchema relaxed =
                    SchemaCompiler.compile(schema.schema(), false, CompileBudget.ofRequest());
            if (relaxed.relaxed().isEmpty()) {
                return List.of();
            }
            return relaxed.relaxed();
        } catch (GrammarRefused refused) {
            return List.of(refused);
        }
    }
}
