package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array that is being read.
 *
 * @param count finished items, as far as it matters
 * @param matches those of them that were read as matching, as far as it matters
 * @param taken values of the items that must not come again
 */
record ArrayFrame(ArrayRule rule, Phase phase, int count, int matches, List<String> taken)
        implements Frame {
    /** What comes next. */
    enum Phase {
        /** After the bracket: an item or the end. */
        OPEN,
        /** After an item: a comma or the end. */
        AFTER,
        /** After a comma: an item. */
        NEXT,
        /** The same, after a blank. */
        NEXT_CLOSE
    }

    @Override
    public void step(int value, Stack below, StackPool out) {
        if (value == ']' && phase != Phase.NEXT && phase != Phase.NEXT_CLOSE) {
            if (rule.mayClose(count, matches)) {
                out.emit(below);
            }
        } else if (phase == Phase.AFTER) {
            if (value == ',' && mayGoOn()) {
                out.emit(out.of(in(Phase.NEXT), below));
            }
        } else if (value == ' ' && phase == Phase.NEXT && rule.syntax() != Syntax.JSON) {
            out.emit(out.of(in(Phase.NEXT_CLOSE), below));
        } else {
            ArrayRule.Place place = rule.place(count);
            item(place.other(), 0, value, below, out);
            if (rule.countsMore(matches) || place.other() == null) {
                item(place.matching(), 1, value, below, out);
            }
        }
    }

    private void item(@Nullable Values values, int match, int value, Stack below, StackPool out) {
        if (values != null && values.opens(value) && rule.feasible(count + 1, matches + match)) {
            if (rule.unique()) {
                distinct(values, after(match), value, below, out);
            } else {
                values.open(value, out.of(after(match), below), out);
            }
        }
    }

    /** Begins an item that differs from all earlier ones. */
    private static void distinct(
            Values values, ArrayFrame after, int value, Stack below, StackPool out) {
        for (Values.Kind kind : values.kinds()) {
            switch (kind) {
                case Values.Words(List<String> words) -> {
                    for (String word : words) {
                        ArrayFrame taking = after.taking(word);
                        if (word.charAt(0) == value
                                && !after.taken.contains(word)
                                && taking.mayStand()) {
                            out.emit(out.of(new Literal(word, 1), out.of(taking, below)));
                        }
                    }
                }
                case Values.Number(TextKind spelling) -> {
                    TextKind item = after.rule.item(spelling, true, after.taken);
                    if (item.texts().start() != Texts.DEAD) {
                        item.begin().step(value, out.of(after, below), out);
                    }
                }
                case Values.Text(TextKind content) -> {
                    TextKind item = after.rule.item(content, false, after.taken);
                    if (value == '"' && item.texts().start() != Texts.DEAD) {
                        out.emit(out.of(item.begin(), out.of(after, below)));
                    }
                }
                case ArrayRule _, ObjectRule _ -> {}
            }
        }
    }

    /** The array after another item, 1 = a matching one. */
    ArrayFrame after(int match) {
        return new ArrayFrame(
                rule, Phase.AFTER, rule.items(count + 1), rule.matches(matches + match), taken);
    }

    private ArrayFrame in(Phase newPhase) {
        return new ArrayFrame(rule, newPhase, count, matches, taken);
    }

    /** The same with the value of the item that has just ended. */
    ArrayFrame taking(String value) {
        List<String> more = new ArrayList<>(taken);
        more.add(value);
        more.sort(null);
        return new ArrayFrame(rule, phase, count, matches, List.copyOf(more));
    }

    /** Whether values enough are left for the items that must still come. */
    boolean mayStand() {
        return !rule.unique() || rule.valuesLeft(count, taken);
    }

    /** Whether another item may come. */
    boolean mayGoOn() {
        if (rule.unique() && !rule.anotherValue(count, taken)) {
            return false;
        }
        ArrayRule.Place place = rule.place(count);
        return place.other() != null && rule.feasible(count + 1, matches)
                || place.matching() != null && rule.feasible(count + 1, matches + 1);
    }

    @Override
    public boolean spaced() {
        return rule.syntax() == Syntax.JSON;
    }

    @Override
    public int levels() {
        return 1;
    }
}
