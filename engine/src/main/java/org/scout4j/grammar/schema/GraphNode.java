package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

/** A term in the graph of values that is being built. */
final class GraphNode {
    private final Term term;
    private final ValueNode value = new ValueNode();
    private final List<Alternative> scalars = new ArrayList<>();
    private final List<Shape.Numbers> numbers = new ArrayList<>();
    private final List<Shape> structured = new ArrayList<>();
    private final List<GraphNode> dependents = new ArrayList<>();
    private boolean inhabited;

    GraphNode(Term term) {
        this.term = term;
    }

    Term term() {
        return term;
    }

    ValueNode value() {
        return value;
    }

    /** Alternatives for keywords, numbers and strings: all of them hold some value. */
    List<Alternative> scalars() {
        return scalars;
    }

    /** The shapes behind the alternatives for numbers. */
    List<Shape.Numbers> numbers() {
        return numbers;
    }

    /** Arrays and objects, some of which may turn out to hold no value. */
    List<Shape> structured() {
        return structured;
    }

    /** Nodes that have this one inside. */
    List<GraphNode> dependents() {
        return dependents;
    }

    /** Whether some finite value is known to be in it. */
    boolean inhabited() {
        return inhabited;
    }

    void markInhabited() {
        inhabited = true;
    }
}
