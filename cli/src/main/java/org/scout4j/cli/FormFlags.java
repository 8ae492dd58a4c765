package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.JsonSchema;
import org.scout4j.ResponseFormat;
import org.scout4j.Scout;
import org.scout4j.error.InvalidRequest;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.regex.Patterns;
import org.scout4j.grammar.schema.SchemaCompiler;
import picocli.CommandLine.Option;

/** What an answer is held to. */
final class FormFlags {
    @Option(
            names = "--json-schema",
            paramLabel = "FILE",
            description = "Hold the answer to a JSON Schema; 'scout4j schema check' explains one.")
    @Nullable String schema;

    @Option(
            names = "--regex",
            paramLabel = "PATTERN",
            description = "Hold the answer to a regular expression (ECMA-262), whole.")
    @Nullable String regex;

    @Option(
            names = "--choice",
            paramLabel = "TEXT",
            description = "Hold the answer to this text or another --choice. Repeatable.")
    List<String> choices = new ArrayList<>();

    /**
     * The form asked for. What cannot be enforced is found here, before a model is loaded.
     *
     * @throws InvalidRequest if there is more than one, or it cannot be used
     */
    ResponseFormat format(Surroundings here) {
        int given =
                (schema == null ? 0 : 1) + (regex == null ? 0 : 1) + (choices.isEmpty() ? 0 : 1);
        if (given > 1) {
            throw new InvalidRequest(
                    Scout.FORMAT_PARAM,
                    "--json-schema, --regex and --choice exclude each other.",
                    "Give one of them.");
        }
        if (schema != null) {
            return schema(schema, here);
        }
        if (regex != null) {
            return pattern(regex);
        }
        if (choices.contains("")) {
            throw new InvalidRequest(Scout.FORMAT_PARAM, "A --choice is empty.");
        }
        return choices.isEmpty() ? ResponseFormat.TEXT : new ResponseFormat.Choice(choices);
    }

    /**
     * The schema in a file.
     *
     * @throws InvalidRequest if it cannot be read, or not all of it can be enforced
     */
    static JsonSchema schema(String file, Surroundings here) {
        JsonSchema schema = JsonSchema.of(InputText.ofFile(file, here));
        try {
            SchemaCompiler.compile(schema.schema(), true, CompileBudget.ofRequest());
        } catch (GrammarRefused refused) {
            throw new InvalidRequest(
                    Scout.FORMAT_PARAM,
                    "Answers cannot be held to " + file + ": " + SchemaLines.told(refused),
                    "Type 'scout4j schema check " + file + "' to see all that stands in the way.");
        }
        return schema;
    }

    private static ResponseFormat pattern(String regex) {
        try {
            Patterns.whole(regex, CompileBudget.ofRequest());
        } catch (GrammarRefused refused) {
            throw new InvalidRequest(
                    Scout.FORMAT_PARAM,
                    "Answers cannot be held to this --regex: " + refused.problem());
        }
        return new ResponseFormat.Pattern(regex);
    }
}
