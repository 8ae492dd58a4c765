package org.scout4j.grammar.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.value.Alternative;

/** What is said about arrays. */
final class ArrayRules implements Rules {
    private List<Form.Items> items = List.of();
    private List<Form.Contains> contains = List.of();
    private int min;
    private int max = Alternative.UNBOUNDED;
    private Form.@Nullable Unique unique;
    private Form.@Nullable Unique repeated;
    private final Changes changes = new Changes();

    @Override
    public boolean add(Form form) {
        switch ((Form.OfArray) form) {
            case Form.ItemCount f -> {
                if (f.min() > min || f.max() < max) {
                    min = Math.max(min, f.min());
                    max = Math.min(max, f.max());
                    changes.note();
                }
            }
            case Form.Items f -> items = changes.with(items, f);
            case Form.Contains f -> contains = changes.with(contains, f);
            case Form.Unique f -> {
                if (f.wanted() && unique == null) {
                    unique = f;
                    changes.note();
                } else if (!f.wanted() && repeated == null) {
                    repeated = f;
                    changes.note();
                }
            }
        }
        if (repeated != null && (unique != null || max < 2)) {
            return false;
        }
        return min <= max;
    }

    @Override
    public int changes() {
        return changes.count();
    }

    @Override
    public ArrayRules copy() {
        ArrayRules copy = new ArrayRules();
        copy.items = items;
        copy.contains = contains;
        copy.min = min;
        copy.max = max;
        copy.unique = unique;
        copy.repeated = repeated;
        copy.changes.goOnFrom(changes);
        return copy;
    }

    List<Form.Items> items() {
        return items;
    }

    List<Form.Contains> contains() {
        return contains;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    /** The rule that no two items are equal, if there is one. */
    Form.@Nullable Unique unique() {
        return unique;
    }

    /** The rule that two items are equal, if there is one. */
    Form.@Nullable Unique repeated() {
        return repeated;
    }
}
