package org.scout4j.server.openrouter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.scout4j.server.completions.GenerationRecord;

/** The latest generations, for who asks by their id. Thread-safe. */
final class GenerationLog {
    /** Spec "API" §6. */
    static final int KEPT = 1_000;

    private final Map<String, GenerationRecord> byId = new LinkedHashMap<>();

    synchronized void add(GenerationRecord generation) {
        byId.put(generation.id(), generation);
        if (byId.size() > KEPT) {
            byId.remove(byId.keySet().iterator().next());
        }
    }

    synchronized Optional<GenerationRecord> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }
}
