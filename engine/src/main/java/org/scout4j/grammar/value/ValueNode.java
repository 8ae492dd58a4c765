package org.scout4j.grammar.value;

import java.util.List;

/**
 * A set of JSON values: whatever one of the alternatives allows. Nodes form a graph that may have
 * cycles (recursive schemas), so a node is made first and filled once.
 *
 * <p>The graph holds no contradictions: every node that can be reached allows at least one finite
 * value, and so does every alternative of it. Alternatives may overlap.
 */
public final class ValueNode {
    private List<Alternative> alternatives = List.of();

    /** A filled node. */
    public static ValueNode of(Alternative... alternatives) {
        ValueNode node = new ValueNode();
        node.fill(List.of(alternatives));
        return node;
    }

    /** Sets what it allows; once, before the graph is used. */
    public void fill(List<Alternative> allowed) {
        alternatives = List.copyOf(allowed);
    }

    public List<Alternative> alternatives() {
        return alternatives;
    }
}
