package org.scout4j.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

/**
 * Builds the graph of values below a term: finds all terms inside, then which of them hold a finite
 * value (the least fixpoint, so that an endless recursion holds none), then leaves the others out.
 */
final class ValueGraph {
    /**
     * All of them are followed side by side while an answer is made, on the thread that every other
     * answer waits for: beyond this a mask can take longer than 10 ms.
     */
    private static final int MOST_ALTERNATIVES = 256;

    private final Expander expander;
    private final Relaxation relaxation;
    private final CompileBudget budget;
    private final Map<Term, GraphNode> nodes = new HashMap<>();
    private final ArrayDeque<GraphNode> unread = new ArrayDeque<>();
    private final Feasibility feasibility;

    ValueGraph(Expander expander, Relaxation relaxation, CompileBudget budget) {
        this.expander = expander;
        this.relaxation = relaxation;
        this.budget = budget;
        feasibility = new Feasibility(this, budget);
    }

    /** The values of a term; null if there are none. */
    @Nullable ValueNode build(Term root) {
        GraphNode start = node(root, null);
        List<GraphNode> all = new ArrayList<>();
        while (!unread.isEmpty()) {
            GraphNode node = unread.poll();
            read(node);
            all.add(node);
        }
        spreadInhabitance(all);
        if (!start.inhabited()) {
            return null;
        }
        fill(start);
        return start.value();
    }

    /** The node of a term that stands inside another's. */
    private GraphNode node(Term term, @Nullable GraphNode parent) {
        GraphNode node = nodes.get(term);
        if (node == null) {
            budget.spend(1);
            node = new GraphNode(term);
            nodes.put(term, node);
            unread.add(node);
        }
        if (parent != null) {
            node.dependents().add(parent);
        }
        return node;
    }

    /** The node of a term that has been read. */
    GraphNode node(Term term) {
        return Objects.requireNonNull(nodes.get(term));
    }

    /** Whether a finite value of the term is known. */
    boolean inhabited(@Nullable Term term) {
        return term != null && node(term).inhabited();
    }

    private void read(GraphNode node) {
        Term term = node.term();
        int keywords = term.all() & Terms.KEYWORDS;
        if (keywords != 0) {
            node.scalars()
                    .add(
                            new Alternative.Keywords(
                                    (keywords & Terms.NULL) != 0,
                                    (keywords & Terms.TRUE) != 0,
                                    (keywords & Terms.FALSE) != 0));
        }
        readNumbers(node);
        readStrings(node);
        for (Shape shape : expander.shapes(term, Terms.ARRAY)) {
            node.structured().add(shape);
            Shape.Arrays arrays = (Shape.Arrays) shape;
            for (Shape.Slot slot : arrays.prefix()) {
                readSlot(slot, node);
            }
            if (arrays.rest() != null) {
                readSlot(arrays.rest(), node);
            }
        }
        for (Shape shape : expander.shapes(term, Terms.OBJECT)) {
            node.structured().add(shape);
            Shape.Objects objects = (Shape.Objects) shape;
            budget.spend(objects.members().size());
            for (Shape.Member member : objects.members()) {
                node(member.value(), node);
            }
            for (Shape.Others others : objects.others()) {
                node(others.value(), node);
            }
            for (Shape.Others obligation : objects.obligations()) {
                node(obligation.value(), node);
            }
        }
    }

    private void readSlot(Shape.Slot slot, GraphNode parent) {
        budget.spend(1);
        node(slot.any(), parent);
        if (slot.matching() != null) {
            node(slot.matching(), parent);
        }
        if (slot.other() != null) {
            node(slot.other(), parent);
        }
    }

    /** Alternatives for numbers; values that are listed one by one become one alternative. */
    private void readNumbers(GraphNode node) {
        Set<BigDecimal> listed = new LinkedHashSet<>();
        List<Shape> shapes = expander.shapes(node.term(), Terms.NUMBER);
        for (Shape shape : shapes) {
            Shape.Numbers numbers = (Shape.Numbers) shape;
            Set<BigDecimal> values = NumberRules.listed(numbers.rules());
            if (values == null || shapes.size() == 1) {
                node.scalars().add(numbers.numbers());
                node.numbers().add(numbers);
            } else {
                listed.addAll(values);
            }
        }
        if (!listed.isEmpty()) {
            NumberRules rules = new NumberRules();
            rules.add(new Form.NumberValues(listed, true));
            Alternative.Numbers all = Objects.requireNonNull(expander.numbers(rules.key()));
            node.scalars().add(all);
            node.numbers().add(new Shape.Numbers(rules.key(), all));
        }
    }

    /** Alternatives for strings; words that are listed one by one become one alternative. */
    private void readStrings(GraphNode node) {
        Set<String> listed = new LinkedHashSet<>();
        List<Shape> shapes = expander.shapes(node.term(), Terms.STRING);
        for (Shape shape : shapes) {
            Shape.Texts texts = (Shape.Texts) shape;
            Set<String> words = TextRules.listed(texts.rules());
            if (words == null || shapes.size() == 1) {
                node.scalars().add(texts.strings());
            } else {
                listed.addAll(words);
            }
        }
        if (!listed.isEmpty()) {
            TextRules rules = new TextRules();
            rules.add(new Form.Words(listed, true));
            node.scalars().add(Objects.requireNonNull(expander.strings(rules.key())));
        }
    }

    private void spreadInhabitance(List<GraphNode> all) {
        ArrayDeque<GraphNode> found = new ArrayDeque<>();
        for (GraphNode node : all) {
            mark(node, found);
        }
        while (!found.isEmpty()) {
            for (GraphNode dependent : found.poll().dependents()) {
                budget.step();
                mark(dependent, found);
            }
        }
    }

    private void mark(GraphNode node, ArrayDeque<GraphNode> found) {
        if (node.inhabited()) {
            return;
        }
        boolean some = !node.scalars().isEmpty();
        for (Shape shape : node.structured()) {
            some = some || feasibility.feasible(shape);
        }
        if (some) {
            node.markInhabited();
            found.add(node);
        }
    }

    /** Fills the nodes that can be reached through what is inhabited. */
    private void fill(GraphNode start) {
        Assembly assembly = new Assembly(this, feasibility, relaxation);
        ArrayDeque<GraphNode> queue = new ArrayDeque<>();
        Set<GraphNode> seen = new LinkedHashSet<>();
        seen.add(start);
        queue.add(start);
        while (!queue.isEmpty()) {
            GraphNode node = queue.poll();
            List<Alternative> alternatives = new ArrayList<>(node.scalars());
            for (Shape shape : node.structured()) {
                if (feasibility.feasible(shape)) {
                    alternatives.add(
                            assembly.alternative(
                                    shape,
                                    inner -> {
                                        if (seen.add(inner)) {
                                            queue.add(inner);
                                        }
                                    }));
                }
            }
            if (alternatives.size() > MOST_ALTERNATIVES) {
                throw Place.ROOT.tooComplex(
                        "",
                        "It comes to "
                                + alternatives.size()
                                + " alternatives in one place; the most are "
                                + MOST_ALTERNATIVES
                                + ".");
            }
            node.value().fill(alternatives);
        }
    }
}
