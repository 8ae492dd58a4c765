package org.scout4j.grammar.schema;

import java.util.ArrayList;
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
    private int changes;

    @Override
    public boolean add(Form form) {
        switch ((Form.OfArray) form) {
            case Form.ItemCount f -> {
                if (f.min() > min || f.max() < max) {
                    min = Math.max(min, f.min());
                    max = Math.min(max, f.max());
                    changes++;
                }
            }
            case Form.Items f -> items = with(items, f);
            case Form.Contains f -> contains = with(contains, f);
            case Form.Unique f -> {
                if (f.wanted() && unique == null) {
                    unique = f;
                    changes++;
                } else if (!f.wanted() && repeated == null) {
                    repeated = f;
                    changes++;
                }
            }
        }
        if (repeated != null && (unique != null || max < 2)) {
            return false;
        }
        return min <= max;
    }

    private <T> List<T> with(List<T> list, T more) {
        if (list.contains(more)) {
            return list;
        }
        List<T> larger = new ArrayList<>(list);
        larger.add(more);
        changes++;
        return larger;
    }

    @Override
    public int changes() {
        return changes;
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
        copy.changes = changes;
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
