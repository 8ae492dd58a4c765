package org.scout4j.grammar.schema;

import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;
import org.scout4j.grammar.value.ValueNode;
import tools.jackson.databind.JsonNode;

/**
 * Compiles JSON Schema (drafts 4 to 2020-12) to a graph of values.
 *
 * <p>Schemas are read as terms, sets of values that are closed under and, or and not ({@link
 * Terms}). Each term that the graph needs is multiplied out to alternatives, one type at a time
 * ({@link Expander}); then terms that hold no finite value are found and left out ({@link
 * ValueGraph}).
 */
public final class SchemaCompiler {
    private SchemaCompiler() {}

    /**
     * The values that a schema allows.
     *
     * @param strict whether a rule that cannot be enforced refuses the schema; otherwise it is left
     *     out and listed in the result
     * @throws GrammarRefused if the schema is wrong, cannot be enforced, allows nothing or is too
     *     complex
     */
    public static CompiledSchema compile(JsonNode schema, boolean strict, CompileBudget budget) {
        Relaxation relaxation = new Relaxation(strict);
        Terms terms = new Terms(budget);
        Term root = new SchemaReader(schema, terms, relaxation, budget).root();
        Expander expander = new Expander(terms, relaxation, budget);
        ValueNode value = new ValueGraph(expander, relaxation, budget).build(root);
        if (value == null) {
            throw new GrammarRefused(
                    Reason.UNSATISFIABLE, "", "", "No JSON value satisfies this schema.");
        }
        return new CompiledSchema(value, relaxation.relaxed());
    }
}
