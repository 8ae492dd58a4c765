package org.scout4j.grammar.schema;

import java.util.List;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.value.ValueNode;

/**
 * What a schema became.
 *
 * @param root the values it allows
 * @param relaxed what is not enforced, and why; always empty if the schema was compiled strictly
 */
public record CompiledSchema(ValueNode root, List<GrammarRefused> relaxed) {
    public CompiledSchema {
        relaxed = List.copyOf(relaxed);
    }
}
