package org.scout4j.grammar.schema;

import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.value.Alternative;

/** Tells whether a shape holds a value, by what is known of the terms inside. */
final class Feasibility {
    private static final int UNBOUNDED = Alternative.UNBOUNDED;

    private final ValueGraph graph;
    private final CompileBudget budget;

    Feasibility(ValueGraph graph, CompileBudget budget) {
        this.graph = graph;
        this.budget = budget;
    }

    boolean feasible(Shape shape) {
        return switch (shape) {
            case Shape.Arrays arrays -> lengths(arrays) != null;
            case Shape.Objects objects -> feasible(objects);
            default -> true;
        };
    }

    /**
     * How long an array can be.
     *
     * @param max {@link Alternative#UNBOUNDED} = without end
     */
    record Lengths(int min, int max) {}

    /** The lengths that are possible; null if there are none. */
    @Nullable Lengths lengths(Shape.Arrays shape) {
        long must = 0;
        long can = 0;
        int least = -1;
        int most = -1;
        int length = 0;
        boolean counting = counts(shape);
        while (true) {
            budget.step();
            if (length >= shape.min()
                    && must <= shape.maxMatching()
                    && can >= shape.minMatching()) {
                least = least < 0 ? length : least;
                most = length;
            }
            if (length >= shape.max()) {
                break;
            }
            boolean inRest = length >= shape.prefix().size();
            Shape.Slot slot = shape.slot(length);
            boolean matching = graph.inhabited(slot.matching());
            boolean other =
                    shape.maxMatching() == UNBOUNDED
                            ? graph.inhabited(slot.any())
                            : graph.inhabited(slot.other());
            if (!(counting ? matching || other : graph.inhabited(slot.any()))) {
                break;
            }
            can += matching ? 1 : 0;
            must += other ? 0 : counting ? 1 : 0;
            if (must > shape.maxMatching()) {
                break;
            }
            if (inRest && least >= 0 && (must == 0 || other)) {
                most = shape.max();
                break;
            }
            if (inRest && length > shape.min() && !matching && can < shape.minMatching()) {
                break;
            }
            length++;
        }
        return least < 0 ? null : withUnique(shape, new Lengths(least, most));
    }

    private @Nullable Lengths withUnique(Shape.Arrays shape, Lengths lengths) {
        if (shape.unique() == null || lengths.max <= 1) {
            return lengths;
        }
        if (!shape.prefix().isEmpty() || shape.rest() == null || counts(shape)) {
            return lengths;
        }
        GraphNode items = graph.node(shape.rest().any());
        long distinct = distinct(items);
        if (distinct < 0 || items.structured().stream().anyMatch(this::feasible)) {
            return lengths;
        }
        int max = (int) Math.min(distinct, lengths.max);
        return max < lengths.min ? null : new Lengths(lengths.min, max);
    }

    /** How many different scalars a node holds; −1 if that is not known. */
    long distinct(GraphNode node) {
        return Distinct.values(node, budget);
    }

    /** Whether there is a rule about matching items. */
    static boolean counts(Shape.Arrays shape) {
        return shape.minMatching() > 0 || shape.maxMatching() < UNBOUNDED;
    }

    private boolean feasible(Shape.Objects shape) {
        int required = 0;
        long possible = 0;
        for (Shape.Member member : shape.members()) {
            boolean inhabited = graph.inhabited(member.value());
            if (member.required()) {
                if (!inhabited) {
                    return false;
                }
                required++;
            }
            possible += inhabited ? 1 : 0;
        }
        for (Shape.Others obligation : shape.obligations()) {
            if (!graph.inhabited(obligation.value())) {
                return false;
            }
        }
        if (required + (shape.obligations().isEmpty() ? 0 : 1) > shape.max()) {
            return false;
        }
        for (Shape.Others others : shape.others()) {
            if (possible < shape.min() && graph.inhabited(others.value())) {
                long names = others.names().words(others.names().start());
                possible = Math.min((long) UNBOUNDED, possible + Math.min(names, UNBOUNDED));
            }
        }
        return possible >= shape.min();
    }
}
