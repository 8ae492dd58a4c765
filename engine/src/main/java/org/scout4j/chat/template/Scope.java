package org.scout4j.chat.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of a block; what it does not have is looked up outside. */
final class Scope {
    private final @Nullable Scope outside;
    private final Map<String, Value> variables = new HashMap<>();

    Scope(@Nullable Scope outside) {
        this.outside = outside;
    }

    void set(String name, Value value) {
        variables.put(name, value);
    }

    @Nullable Value find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outside) {
            Value value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
