package org.scout4j.grammar.machine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.value.Alternative;

/**
 * What an array may hold. Items are read as matching or not; the numbers of both are kept within
 * bounds, and no item begins after which they cannot be met any more.
 */
final class ArrayRule implements Values.Kind {
    /** How the item at one place may be read; null = not like this. */
    record Place(@Nullable Values matching, @Nullable Values other) {
        boolean open() {
            return matching != null || other != null;
        }

        /** The same without values that need more levels. */
        Place within(int levels) {
            return new Place(flat(matching, levels), flat(other, levels));
        }

        private static @Nullable Values flat(@Nullable Values values, int levels) {
            return values != null && values.height() <= levels ? values : null;
        }
    }

    private static final int MOST_ITEMS = 16;
    private static final Place NOTHING = new Place(null, null);

    private final Syntax syntax;
    private final Place[] prefix;
    private final Place rest;
    private final int min;
    private final int max;
    private final int minMatching;
    private final int maxMatching;
    private final boolean unique;
    private final Map<Item, TextKind> items = new HashMap<>();
    private int height = Values.ENDLESS;
    private @Nullable ArrayRule[] flatter = new @Nullable ArrayRule[0];

    private ArrayRule(
            Syntax syntax,
            Place[] prefix,
            Place rest,
            int min,
            int max,
            int minMatching,
            int maxMatching,
            boolean unique) {
        this.syntax = syntax;
        this.prefix = prefix;
        this.rest = rest;
        this.min = min;
        this.max = max;
        this.minMatching = minMatching;
        this.maxMatching = maxMatching;
        this.unique = unique;
    }

    static ArrayRule of(Alternative.Arrays arrays, Syntax syntax, Shapes shapes) {
        boolean most = arrays.maxMatching() != Alternative.UNBOUNDED;
        boolean counts = most || arrays.minMatching() > 0;
        Place[] prefix = new Place[arrays.prefix().size()];
        for (int index = 0; index < prefix.length; index++) {
            prefix[index] = place(arrays.prefix().get(index), counts, most, syntax, shapes);
        }
        Alternative.Slot rest = arrays.rest();
        return new ArrayRule(
                syntax,
                prefix,
                rest == null ? NOTHING : place(rest, counts, most, syntax, shapes),
                arrays.min(),
                arrays.max(),
                arrays.minMatching(),
                arrays.maxMatching(),
                arrays.unique() && arrays.max() > 1);
    }

    private static Place place(
            Alternative.Slot slot, boolean counts, boolean most, Syntax syntax, Shapes shapes) {
        if (!counts) {
            return new Place(null, shapes.values(slot.any(), syntax));
        }
        var matching = slot.matching();
        var other = most ? slot.other() : slot.any();
        return new Place(
                matching == null ? null : shapes.values(matching, syntax),
                other == null ? null : shapes.values(other, syntax));
    }

    Syntax syntax() {
        return syntax;
    }

    Place place(int index) {
        return index < prefix.length ? prefix[index] : rest;
    }

    /** The array after its opening bracket, where so many levels are left, its own included. */
    ArrayFrame begin(int levels) {
        return new ArrayFrame(within(levels - 1), ArrayFrame.Phase.OPEN, 0, 0, List.of());
    }

    /** The same rule without items that need more levels. */
    private ArrayRule within(int levels) {
        boolean fits = true;
        for (Place place : prefix) {
            fits &= place.within(levels).equals(place);
        }
        if (fits && rest.within(levels).equals(rest)) {
            return this;
        }
        if (flatter.length == 0) {
            flatter = new @Nullable ArrayRule[Values.MOST_LEVELS];
        }
        ArrayRule made = flatter[levels];
        if (made == null) {
            Place[] flat = new Place[prefix.length];
            for (int index = 0; index < flat.length; index++) {
                flat[index] = prefix[index].within(levels);
            }
            made =
                    new ArrayRule(
                            syntax,
                            flat,
                            rest.within(levels),
                            min,
                            max,
                            minMatching,
                            maxMatching,
                            unique);
            flatter[levels] = made;
        }
        return made;
    }

    @Override
    public int height() {
        return height;
    }

    /** Whether an array of items with at most so many levels is possible; notes its height then. */
    boolean heightFound(int levels) {
        if (height == Values.ENDLESS && within(levels).feasible(0, 0)) {
            height = levels + 1;
            return true;
        }
        return false;
    }

    boolean unique() {
        return unique;
    }

    private record Item(TextKind kind, List<String> taken) {}

    /** An item's texts without those that were taken; shared by equal questions. */
    TextKind item(TextKind kind, boolean number, List<String> taken) {
        Item key = new Item(kind, taken);
        TextKind item = items.get(key);
        if (item == null) {
            if (items.size() >= MOST_ITEMS) {
                items.clear();
            }
            ItemTexts texts =
                    new ItemTexts(((DfaTexts) kind.texts()).dfa(), number, kind.max(), taken);
            item = new TextKind(texts, kind.form(), kind.min(), kind.max());
            items.put(key, item);
        }
        return item;
    }

    /** Whether the place after so many items has a value that was not taken. */
    boolean anotherValue(int count, List<String> taken) {
        return !DistinctItems.values(place(count), taken, 1).isEmpty();
    }

    /** Whether the items that must still come can all differ. */
    boolean valuesLeft(int count, List<String> taken) {
        return count >= min || new DistinctItems(this, count, min, taken).fit();
    }

    /** The count of items as far as it matters. */
    int items(int count) {
        return max == Alternative.UNBOUNDED ? Math.min(count, Math.max(min, prefix.length)) : count;
    }

    /** The count of matching items as far as it matters. */
    int matches(int count) {
        return maxMatching == Alternative.UNBOUNDED ? Math.min(count, minMatching) : count;
    }

    /** Whether a matching item makes a difference after so many. */
    boolean countsMore(int matches) {
        return maxMatching != Alternative.UNBOUNDED || matches < minMatching;
    }

    boolean mayClose(int count, int matches) {
        return count >= min && count <= max && matches >= minMatching && matches <= maxMatching;
    }

    /** Whether an array that begins with so many items, of which so many match, can be ended. */
    boolean feasible(int count, int matches) {
        long least = matches;
        long most = matches;
        long items = count;
        while (items <= max) {
            if (items >= min && most >= minMatching && least <= maxMatching) {
                return true;
            }
            Place place = place((int) Math.min(items, prefix.length));
            if (!place.open() || least > maxMatching) {
                return false;
            }
            long steps = 1;
            if (items >= prefix.length) {
                long wanted =
                        Math.max(min - items, place.matching() != null ? minMatching - most : 0);
                if (wanted <= 0) {
                    return false;
                }
                steps = wanted;
            }
            least += place.other() == null ? steps : 0;
            most += place.matching() == null ? 0 : steps;
            items += steps;
        }
        return false;
    }
}
