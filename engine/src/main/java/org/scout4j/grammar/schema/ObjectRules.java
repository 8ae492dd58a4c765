package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.scout4j.grammar.value.Alternative;

/** What is said about objects. */
final class ObjectRules implements Rules {
    private List<Form.Members> members = List.of();
    private Set<String> required = Set.of();
    private Set<String> absent = Set.of();
    private List<Form.Names> names = List.of();
    private List<Form.Some> some = List.of();
    private int min;
    private int max = Alternative.UNBOUNDED;
    private int requirements;
    private int changes;

    @Override
    public boolean add(Form form) {
        switch ((Form.OfObject) form) {
            case Form.Members f -> members = with(members, f);
            case Form.Required f -> {
                requirements++;
                required = with(required, f.names());
                for (String name : f.names()) {
                    if (absent.contains(name)) {
                        return false;
                    }
                }
            }
            case Form.Absent f -> {
                absent = with(absent, List.of(f.name()));
                if (required.contains(f.name())) {
                    return false;
                }
            }
            case Form.MemberCount f -> {
                if (f.min() > min || f.max() < max) {
                    min = Math.max(min, f.min());
                    max = Math.min(max, f.max());
                    changes++;
                }
            }
            case Form.Names f -> names = with(names, f);
            case Form.Some f -> some = with(some, f);
        }
        return min <= max && required.size() <= max;
    }

    private Set<String> with(Set<String> set, List<String> more) {
        if (set.containsAll(more)) {
            return set;
        }
        Set<String> larger = new LinkedHashSet<>(set);
        larger.addAll(more);
        changes++;
        return larger;
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
    public ObjectRules copy() {
        ObjectRules copy = new ObjectRules();
        copy.members = members;
        copy.required = required;
        copy.absent = absent;
        copy.names = names;
        copy.some = some;
        copy.min = min;
        copy.max = max;
        copy.requirements = requirements;
        copy.changes = changes;
        return copy;
    }

    /** Whether more than one schema speaks of the members, so that no order of theirs counts. */
    boolean composed() {
        return members.size() > 1 || requirements > 1 || !absent.isEmpty() || !some.isEmpty();
    }

    List<Form.Members> members() {
        return members;
    }

    Set<String> required() {
        return required;
    }

    Set<String> absent() {
        return absent;
    }

    List<Form.Names> names() {
        return names;
    }

    List<Form.Some> some() {
        return some;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }
}
