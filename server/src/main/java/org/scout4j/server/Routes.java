package org.scout4j.server;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the route of a request, and the dialect that answers when there is none. */
final class Routes {
    private final Map<String, Map<String, Route>> exact = new HashMap<>();
    private final Map<PathPattern, Map<String, Route>> open = new LinkedHashMap<>();
    private final List<Dialect> dialects;

    /** What a path leads to: the routes by method, empty if it leads nowhere. */
    record Match(Map<String, Route> byMethod, Map<String, String> parameters) {
        Optional<Route> route(String method) {
            return Optional.ofNullable(byMethod.get(method));
        }

        /** For the Allow header. */
        String allowed() {
            return String.join(", ", byMethod.keySet());
        }
    }

    Routes(List<Dialect> dialects, List<Route> others) {
        this.dialects = List.copyOf(dialects);
        others.forEach(this::add);
        dialects.forEach(dialect -> dialect.routes().forEach(this::add));
    }

    private void add(Route route) {
        Map<String, Route> byMethod =
                route.path().indexOf('{') < 0
                        ? exact.computeIfAbsent(route.path(), path -> new TreeMap<>())
                        : open.computeIfAbsent(
                                PathPattern.of(route.path()), path -> new TreeMap<>());
        if (byMethod.putIfAbsent(route.method(), route) != null) {
            throw new IllegalArgumentException(
                    "two routes for " + route.method() + " " + route.path());
        }
    }

    /** What a path leads to; an exact path wins over one with variable parts. */
    Match find(String rawPath) {
        Map<String, Route> found = exact.get(rawPath);
        if (found != null) {
            return new Match(found, Map.of());
        }
        Match best = new Match(Map.of(), Map.of());
        int fixed = -1;
        for (Map.Entry<PathPattern, Map<String, Route>> candidate : open.entrySet()) {
            Optional<Map<String, String>> parameters = candidate.getKey().match(rawPath);
            if (parameters.isPresent() && candidate.getKey().fixed() > fixed) {
                fixed = candidate.getKey().fixed();
                best = new Match(candidate.getValue(), parameters.get());
            }
        }
        return best;
    }

    /** The dialect whose prefix a path has; else the one of {@code /v1}, else the first. */
    Optional<Dialect> dialect(String rawPath) {
        Optional<Dialect> longest =
                dialects.stream()
                        .filter(d -> PathPattern.of(d.prefix()).begins(rawPath))
                        .max((a, b) -> a.prefix().length() - b.prefix().length());
        return longest.or(() -> dialects.stream().filter(d -> d.prefix().equals("/v1")).findFirst())
                .or(() -> dialects.stream().findFirst());
    }
}
