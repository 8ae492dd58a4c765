package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.value.Alternative;

/** Turns rules about arrays into shapes: what each place may hold, and how many there are. */
final class ArrayShaper {
    private static final int UNBOUNDED = Alternative.UNBOUNDED;

    /** Places up to which "some item" is written out place by place. */
    private static final int MOST_PLACES = 64;

    private final Terms terms;
    private final Relaxation relaxation;
    private final CompileBudget budget;

    ArrayShaper(Terms terms, Relaxation relaxation, CompileBudget budget) {
        this.terms = terms;
        this.relaxation = relaxation;
        this.budget = budget;
    }

    /** A rule that counts items, merged from all rules about the same items. */
    private record Count(Term items, int min, int max, int from, Place place) {}

    /** The shapes of all arrays that satisfy the rules. */
    List<Shape.Arrays> shapes(ArrayRules rules) {
        if (rules.repeated() != null) {
            relaxation.leaveOut(
                    rules.repeated()
                            .place()
                            .unsupported(
                                    "uniqueItems",
                                    "That two items must be equal cannot be enforced; it comes"
                                            + " from the negation of \"uniqueItems\"."));
        }
        List<Shape.Arrays> shapes = new ArrayList<>();
        State start = State.of(rules, terms);
        if (start != null) {
            shape(start, rules.unique(), shapes);
        }
        return shapes;
    }

    /** Rules on their way to a shape. */
    private record State(List<Term> prefix, Term rest, List<Count> counts, int min, int max) {
        static @Nullable State of(ArrayRules rules, Terms terms) {
            int places = 0;
            for (Form.Items form : rules.items()) {
                places = Math.max(places, form.prefix().size());
            }
            List<Count> counts = merged(rules.contains());
            for (Count count : counts) {
                places = Math.max(places, count.from);
            }
            List<Term> prefix = new ArrayList<>();
            for (int place = 0; place <= places; place++) {
                List<Term> parts = new ArrayList<>();
                for (Form.Items form : rules.items()) {
                    if (place < form.prefix().size()) {
                        parts.add(form.prefix().get(place).term());
                    } else if (form.rest() != null) {
                        parts.add(form.rest().term());
                    }
                }
                prefix.add(parts.isEmpty() ? terms.everything() : terms.allOf(parts));
            }
            Term rest = prefix.removeLast();
            return new State(prefix, rest, counts, rules.min(), rules.max());
        }

        private static List<Count> merged(List<Form.Contains> contains) {
            List<Count> merged = new ArrayList<>();
            for (Form.Contains form : contains) {
                Count count =
                        new Count(
                                form.items().term(),
                                form.min(),
                                form.max(),
                                form.from(),
                                form.place());
                for (int index = 0; index < merged.size(); index++) {
                    Count other = merged.get(index);
                    if (other.items == count.items && other.from == count.from) {
                        count =
                                new Count(
                                        count.items,
                                        Math.max(count.min, other.min),
                                        Math.min(count.max, other.max),
                                        count.from,
                                        count.place);
                        merged.remove(index--);
                    }
                }
                merged.add(count);
            }
            return merged;
        }

        Term at(int place) {
            return place < prefix.size() ? prefix.get(place) : rest;
        }

        State narrowed(int from, int to, Term by, Terms terms, List<Count> left, int least) {
            List<Term> narrower = new ArrayList<>(prefix);
            while (to != UNBOUNDED && narrower.size() < to) {
                narrower.add(rest);
            }
            for (int place = from; place < Math.min(to, narrower.size()); place++) {
                narrower.set(place, terms.and(narrower.get(place), by));
            }
            Term after = to == UNBOUNDED ? terms.and(rest, by) : rest;
            return new State(narrower, after, left, Math.max(min, least), max);
        }
    }

    /** Works off the rules that count, until at most one is left. */
    private void shape(State given, Form.@Nullable Unique unique, List<Shape.Arrays> shapes) {
        State state = given;
        budget.spend(1L + state.prefix.size());
        List<Count> left = new ArrayList<>();
        for (Count count : state.counts) {
            int min = count.min;
            int max = count.max;
            if (min > max || count.items.holdsNone(Terms.EVERY_TYPE) && min > 0) {
                return;
            } else if (count.items.holdsNone(Terms.EVERY_TYPE) || min == 0 && max == UNBOUNDED) {
                continue;
            } else if (max == 0) {
                state = narrowedBeyond(state, count.from, terms.not(count.items));
            } else if (count.items.holdsAll(Terms.EVERY_TYPE)) {
                state = bounded(state, count);
            } else {
                left.add(count);
            }
        }
        if (state.min > state.max) {
            return;
        }
        if (left.size() <= 1) {
            finish(state, left.isEmpty() ? null : left.getFirst(), unique, shapes);
            return;
        }
        spread(state, left, unique, shapes);
    }

    private State narrowedBeyond(State state, int from, Term by) {
        return state.narrowed(from, UNBOUNDED, by, terms, List.of(), 0);
    }

    /** Every item counts: that is a rule about the length. */
    private static State bounded(State state, Count count) {
        int min = count.min == 0 ? 0 : count.min + count.from;
        int max = count.max == UNBOUNDED ? UNBOUNDED : count.max + count.from;
        return new State(
                state.prefix,
                state.rest,
                List.of(),
                Math.max(state.min, min),
                Math.min(state.max, max));
    }

    /** Of several rules that count, writes out one of the kind "some item" place by place. */
    private void spread(
            State state,
            List<Count> left,
            Form.@Nullable Unique unique,
            List<Shape.Arrays> shapes) {
        int places =
                state.rest.holdsNone(Terms.EVERY_TYPE)
                        ? Math.min(state.max, state.prefix.size())
                        : state.max;
        for (int index = 0; index < left.size(); index++) {
            Count count = left.get(index);
            if (count.min != 1 || count.max != UNBOUNDED || places > MOST_PLACES) {
                continue;
            }
            List<Count> others = new ArrayList<>(left);
            others.remove(index);
            for (int place = count.from; place < places; place++) {
                shape(
                        state.narrowed(place, place + 1, count.items, terms, others, place + 1),
                        unique,
                        shapes);
            }
            return;
        }
        relaxation.leaveOut(
                left.getLast()
                        .place
                        .unsupported(
                                "contains",
                                "Only one rule about how many items match can be enforced for an"
                                        + " array; here are "
                                        + left.size()
                                        + ", from \"contains\" or the negation of \"items\"."));
        finish(state, left.getFirst(), unique, shapes);
    }

    private void finish(
            State state,
            @Nullable Count count,
            Form.@Nullable Unique unique,
            List<Shape.Arrays> shapes) {
        List<Shape.Slot> prefix = new ArrayList<>();
        int max = state.max;
        for (int place = 0; place < state.prefix.size() && place < max; place++) {
            Shape.Slot slot = slot(state.at(place), count, place);
            if (slot.any().holdsNone(Terms.EVERY_TYPE)) {
                max = place;
            } else {
                prefix.add(slot);
            }
        }
        Shape.Slot rest = null;
        if (max > prefix.size()) {
            if (state.rest.holdsNone(Terms.EVERY_TYPE)) {
                max = prefix.size();
            } else {
                rest = slot(state.rest, count, UNBOUNDED);
            }
        }
        if (state.min <= max) {
            shapes.add(
                    new Shape.Arrays(
                            prefix,
                            rest,
                            state.min,
                            max,
                            count == null ? 0 : count.min,
                            count == null ? UNBOUNDED : count.max,
                            unique));
        }
    }

    private Shape.Slot slot(Term any, @Nullable Count count, int place) {
        if (count == null) {
            return new Shape.Slot(any, null, null);
        }
        if (place < count.from) {
            return new Shape.Slot(any, null, any);
        }
        Term matching = terms.and(any, count.items);
        Term other = count.max == UNBOUNDED ? null : terms.and(any, terms.not(count.items));
        return new Shape.Slot(any, some(matching), other == null ? null : some(other));
    }

    private static @Nullable Term some(Term term) {
        return term.holdsNone(Terms.EVERY_TYPE) ? null : term;
    }
}
