package org.scout4j.grammar.machine;

import org.jspecify.annotations.Nullable;

/**
 * An array that is being read.
 *
 * @param count finished items, as far as it matters
 * @param matches those of them that were read as matching, as far as it matters
 */
record ArrayFrame(ArrayRule rule, Phase phase, int count, int matches) implements Frame {
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
                out.emit(out.of(new ArrayFrame(rule, Phase.NEXT, count, matches), below));
            }
        } else if (value == ' ' && phase == Phase.NEXT && rule.syntax() != Syntax.JSON) {
            out.emit(out.of(new ArrayFrame(rule, Phase.NEXT_CLOSE, count, matches), below));
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
            values.open(value, out.of(after(match), below), out);
        }
    }

    /** The array after another item, 1 = a matching one. */
    ArrayFrame after(int match) {
        return new ArrayFrame(
                rule, Phase.AFTER, rule.items(count + 1), rule.matches(matches + match));
    }

    /** Whether another item may come. */
    boolean mayGoOn() {
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
