package org.scout4j.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with variable parts, e.g. {@code /v1/models/{id}}: one in braces matches any one part, not
 * empty; one at the end takes the rest, slashes included.
 */
record PathPattern(List<String> parts) {

    static PathPattern of(String path) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', at)) {
            parts.add(path.substring(at, end));
            at = end + 1;
        }
        parts.add(path.substring(at));
        return new PathPattern(List.copyOf(parts));
    }

    /** The variable parts of a path, percent-decoded, by their names; empty if it is another. */
    Optional<Map<String, String>> match(String rawPath) {
        Map<String, String> values = new HashMap<>();
        int at = 0;
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            boolean last = i == parts.size() - 1;
            int end = last && variable(part) ? rawPath.length() : endOfPart(rawPath, at);
            if (last != (end == rawPath.length()) || !fits(part, rawPath.substring(at, end))) {
                return Optional.empty();
            }
            if (variable(part)) {
                values.put(
                        part.substring(1, part.length() - 1),
                        PercentCoding.decode(rawPath.substring(at, end)));
            }
            at = end + 1;
        }
        return Optional.of(values);
    }

    /** Whether a path is this one or goes on below it. */
    boolean begins(String rawPath) {
        int at = 0;
        for (String part : parts) {
            if (at > rawPath.length()) {
                return false;
            }
            int end = endOfPart(rawPath, at);
            if (!fits(part, rawPath.substring(at, end))) {
                return false;
            }
            at = end + 1;
        }
        return true;
    }

    private static int endOfPart(String path, int at) {
        int end = path.indexOf('/', at);
        return end < 0 ? path.length() : end;
    }

    private static boolean fits(String part, String found) {
        return variable(part) ? !found.isEmpty() : found.equals(part);
    }

    private static boolean variable(String part) {
        return part.startsWith("{");
    }

    /** How much of it is fixed, in characters: of two that match, the one with more is meant. */
    int fixed() {
        return parts.stream().filter(part -> !variable(part)).mapToInt(String::length).sum();
    }
}
