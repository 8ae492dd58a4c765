package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.scout4j.grammar.regex.TextDfa;

/**
 * Which members and items schemas have looked at: those that {@code unevaluatedProperties} and
 * {@code unevaluatedItems} leave alone.
 *
 * @param items first items; {@link Integer#MAX_VALUE} = all
 * @param matching items that one of these holds count too
 */
record Evaluated(
        boolean allMembers,
        Set<String> names,
        List<TextDfa> patterns,
        int items,
        List<Sub> matching) {
    static final Evaluated NOTHING = new Evaluated(false, Set.of(), List.of(), 0, List.of());

    /** What either has looked at. */
    Evaluated with(Evaluated other) {
        if (other.equals(NOTHING)) {
            return this;
        } else if (equals(NOTHING)) {
            return other;
        }
        Set<String> bothNames = new LinkedHashSet<>(names);
        bothNames.addAll(other.names);
        List<TextDfa> bothPatterns = new ArrayList<>(patterns);
        for (TextDfa pattern : other.patterns) {
            if (!bothPatterns.contains(pattern)) {
                bothPatterns.add(pattern);
            }
        }
        List<Sub> bothMatching = new ArrayList<>(matching);
        for (Sub sub : other.matching) {
            if (!bothMatching.contains(sub)) {
                bothMatching.add(sub);
            }
        }
        return new Evaluated(
                allMembers || other.allMembers,
                bothNames,
                bothPatterns,
                Math.max(items, other.items),
                bothMatching);
    }
}
