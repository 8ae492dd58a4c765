package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

/** Turns feasible shapes into alternatives, without anything that can never be. */
final class Assembly {
    private static final int UNBOUNDED = Alternative.UNBOUNDED;

    /** Told of every node that stands inside what is made. */
    interface Inner {
        void found(GraphNode node);
    }

    private final ValueGraph graph;
    private final Relaxation relaxation;
    private final Feasibility feasibility;

    Assembly(ValueGraph graph, Feasibility feasibility, Relaxation relaxation) {
        this.graph = graph;
        this.relaxation = relaxation;
        this.feasibility = feasibility;
    }

    /** The alternative of a feasible shape of arrays or objects. */
    Alternative alternative(Shape shape, Inner inner) {
        return shape instanceof Shape.Arrays arrays
                ? arrays(arrays, inner)
                : objects((Shape.Objects) shape, inner);
    }

    private ValueNode value(Term term, Inner inner) {
        GraphNode node = graph.node(term);
        inner.found(node);
        return node.value();
    }

    private @Nullable ValueNode valueOrNull(@Nullable Term term, Inner inner) {
        return graph.inhabited(term) ? value(Objects.requireNonNull(term), inner) : null;
    }

    private Alternative arrays(Shape.Arrays shape, Inner inner) {
        Feasibility.Lengths lengths = Objects.requireNonNull(feasibility.lengths(shape));
        List<Alternative.Slot> prefix = new ArrayList<>();
        for (int place = 0; place < shape.prefix().size() && place < lengths.max(); place++) {
            prefix.add(slot(shape.prefix().get(place), inner));
        }
        Alternative.Slot rest =
                lengths.max() > prefix.size()
                        ? slot(Objects.requireNonNull(shape.rest()), inner)
                        : null;
        return new Alternative.Arrays(
                prefix,
                rest,
                lengths.min(),
                lengths.max(),
                shape.minMatching(),
                shape.maxMatching(),
                unique(shape, lengths));
    }

    private Alternative.Slot slot(Shape.Slot slot, Inner inner) {
        return new Alternative.Slot(
                value(slot.any(), inner),
                valueOrNull(slot.matching(), inner),
                valueOrNull(slot.other(), inner));
    }

    /** Whether the rule against equal items is needed; refused where it cannot be enforced. */
    private boolean unique(Shape.Arrays shape, Feasibility.Lengths lengths) {
        Form.Unique rule = shape.unique();
        if (rule == null || lengths.max() <= 1) {
            return false;
        }
        Shape.Slot rest = shape.rest();
        if (!shape.prefix().isEmpty() || rest == null || Feasibility.counts(shape)) {
            return leaveOut(
                    rule,
                    "\"uniqueItems\" can be enforced for arrays of uniform items only, not"
                            + " together with \"prefixItems\" or \"contains\".");
        }
        GraphNode items = graph.node(rest.any());
        for (Shape inside : items.structured()) {
            if (feasibility.feasible(inside)) {
                return leaveOut(
                        rule,
                        "\"uniqueItems\" can be enforced for items that are strings,"
                                + " numbers, booleans or null only; these may be arrays or"
                                + " objects.");
            }
        }
        if (feasibility.distinct(items) < 0) {
            return leaveOut(
                    rule,
                    "\"uniqueItems\" cannot be enforced here: how many different numbers"
                            + " the items may be is not known.");
        }
        return true;
    }

    private boolean leaveOut(Form.Unique rule, String problem) {
        relaxation.leaveOut(rule.place().unsupported("uniqueItems", problem));
        return false;
    }

    private Alternative objects(Shape.Objects shape, Inner inner) {
        List<Alternative.Property> properties = new ArrayList<>(shape.members().size());
        int required = 0;
        for (Shape.Member member : shape.members()) {
            if (graph.inhabited(member.value())) {
                required += member.required() ? 1 : 0;
                properties.add(
                        new Alternative.Property(
                                member.name(),
                                value(member.value(), inner),
                                member.required(),
                                member.group()));
            }
        }
        List<Alternative.OtherNames> others = new ArrayList<>();
        for (Shape.Others other : shape.others()) {
            if (graph.inhabited(other.value())) {
                others.add(new Alternative.OtherNames(other.names(), value(other.value(), inner)));
            }
        }
        List<Alternative.Obligation> obligations = new ArrayList<>();
        for (Shape.Others obligation : shape.obligations()) {
            obligations.add(
                    new Alternative.Obligation(
                            obligation.names(), value(obligation.value(), inner)));
        }
        if (obligations.size() > 1 && shape.max() < required + obligations.size()) {
            relaxation.leaveOut(
                    Place.ROOT.unsupported(
                            "maxProperties",
                            "\"maxProperties\" cannot be enforced together with several rules"
                                    + " that ask for some member each."));
        }
        int min = shape.min() <= required ? 0 : shape.min();
        int max = others.isEmpty() && properties.size() <= shape.max() ? UNBOUNDED : shape.max();
        return new Alternative.Objects(properties, others, min, max, obligations);
    }
}
