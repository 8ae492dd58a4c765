package org.scout4j.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the route of a request, and the dialect that answers when there is none. */
final class Routes {
    private final Map<String, Map<String, Route>> exact = new HashMap<>();
    private final List<Open> open = new ArrayList<>();
    private final List<Dialect> dialects;

    /** A path with a variable end. */
    private record Open(String prefix, Map<String, Route> byMethod) {}

    /** What a path leads to: the routes by method, empty if it leads nowhere. */
    record Match(Map<String, Route> byMethod, String parameter) {
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
        int brace = route.path().indexOf('{');
        Map<String, Route> byMethod =
                brace < 0
                        ? exact.computeIfAbsent(route.path(), path -> new TreeMap<>())
                        : openAt(route.path().substring(0, brace));
        if (byMethod.putIfAbsent(route.method(), route) != null) {
            throw new IllegalArgumentException(
                    "two routes for " + route.method() + " " + route.path());
        }
    }

    private Map<String, Route> openAt(String prefix) {
        for (Open known : open) {
            if (known.prefix.equals(prefix)) {
                return known.byMethod;
            }
        }
        Open added = new Open(prefix, new TreeMap<>());
        open.add(added);
        return added.byMethod;
    }

    /** What a path leads to; an exact path wins over a longer prefix over a shorter one. */
    Match find(String rawPath) {
        Map<String, Route> found = exact.get(rawPath);
        if (found != null) {
            return new Match(found, "");
        }
        Open best = null;
        for (Open candidate : open) {
            boolean longer = best == null || candidate.prefix.length() > best.prefix.length();
            if (longer
                    && rawPath.length() > candidate.prefix.length()
                    && rawPath.startsWith(candidate.prefix)) {
                best = candidate;
            }
        }
        return best == null
                ? new Match(Map.of(), "")
                : new Match(
                        best.byMethod,
                        PercentCoding.decode(rawPath.substring(best.prefix.length())));
    }

    /** The dialect whose prefix a path has; else the one of {@code /v1}, else the first. */
    Optional<Dialect> dialect(String rawPath) {
        Optional<Dialect> longest =
                dialects.stream()
                        .filter(d -> below(rawPath, d.prefix()))
                        .max((a, b) -> a.prefix().length() - b.prefix().length());
        return longest.or(() -> dialects.stream().filter(d -> d.prefix().equals("/v1")).findFirst())
                .or(() -> dialects.stream().findFirst());
    }

    private static boolean below(String path, String prefix) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }
}
