package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Counts how often rules learnt something new. Collections are replaced, never changed. */
final class Changes {
    private int count;

    Changes() {}

    int count() {
        return count;
    }

    void note() {
        count++;
    }

    /** Goes on from where another has come to. */
    void goOnFrom(Changes other) {
        count = other.count;
    }

    /** The set and more; the same set, and no change, if it has all of that. */
    <T> Set<T> with(Set<T> set, Collection<T> more) {
        if (set.containsAll(more)) {
            return set;
        }
        Set<T> larger = new LinkedHashSet<>(set);
        larger.addAll(more);
        count++;
        return larger;
    }

    /** The list and one more; the same list, and no change, if it has that. */
    <T> List<T> with(List<T> list, T more) {
        if (list.contains(more)) {
            return list;
        }
        List<T> larger = new ArrayList<>(list);
        larger.add(more);
        count++;
        return larger;
    }
}
