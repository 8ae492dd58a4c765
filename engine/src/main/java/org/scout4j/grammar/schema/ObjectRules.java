package org.scout4j.grammar.schema;

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
    private final Changes changes = new Changes();

    @Override
    public boolean add(Form form) {
        switch ((Form.OfObject) form) {
            case Form.Members f -> members = changes.with(members, f);
            case Form.Required f -> {
                requirements++;
                required = changes.with(required, f.names());
                for (String name : f.names()) {
                    if (absent.contains(name)) {
                        return false;
                    }
                }
            }
            case Form.Absent f -> {
                absent = changes.with(absent, List.of(f.name()));
                if (required.contains(f.name())) {
                    return false;
                }
            }
            case Form.MemberCount f -> {
                if (f.min() > min || f.max() < max) {
                    min = Math.max(min, f.min());
                    max = Math.min(max, f.max());
                    changes.note();
                }
            }
            case Form.Names f -> names = changes.with(names, f);
            case Form.Some f -> some = changes.with(some, f);
        }
        return min <= max && required.size() <= max;
    }

    @Override
    public int changes() {
        return changes.count();
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
        copy.changes.goOnFrom(changes);
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
