package org.scout4j.grammar.schema;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The resources through which a schema was reached, outermost first, each once: what dynamic
 * references look at. One instance for one list. It holds the schemas read in it, because with
 * dynamic references a schema can mean different things in different scopes.
 */
final class Scope {
    private final @Nullable Scope outer;
    private final @Nullable Resource resource;
    private final Map<Resource, Scope> inner = new HashMap<>();
    private final Map<JsonNode, Sub> subs = new IdentityHashMap<>();
    private final Map<JsonNode, Boolean> open = new IdentityHashMap<>();

    private Scope(@Nullable Scope outer, @Nullable Resource resource) {
        this.outer = outer;
        this.resource = resource;
    }

    static Scope outermost() {
        return new Scope(null, null);
    }

    /** The scope inside another resource. */
    Scope enter(Resource entered) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.resource == entered) {
                return this;
            }
        }
        return inner.computeIfAbsent(entered, key -> new Scope(this, key));
    }

    /** The outermost resource's dynamic anchor of this name; null if none has it. */
    Resource.@Nullable Target dynamicAnchor(String name) {
        Resource.Target found = null;
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Resource.Target target =
                    scope.resource == null ? null : scope.resource.dynamicAnchors().get(name);
            found = target == null ? found : target;
        }
        return found;
    }

    Map<JsonNode, Sub> subs() {
        return subs;
    }

    /** Notes that a schema is being read; false if it is already, so that it refers to itself. */
    boolean open(JsonNode node) {
        return open.put(node, true) == null;
    }

    void close(JsonNode node) {
        open.remove(node);
    }
}
