package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/** What happens to a rule that cannot be enforced: a strict schema is refused for it. */
final class Relaxation {
    private static final int MOST_LISTED = 100;

    private final boolean strict;
    private final List<GrammarRefused> relaxed = new ArrayList<>();

    Relaxation(boolean strict) {
        this.strict = strict;
    }

    /**
     * Notes a rule that is left out.
     *
     * @throws GrammarRefused if the schema is strict, or the rule is wrong and not just unsupported
     */
    void leaveOut(GrammarRefused refused) {
        if (strict || refused.reason() != Reason.UNSUPPORTED) {
            throw refused;
        }
        if (relaxed.size() < MOST_LISTED
                && relaxed.stream().noneMatch(other -> samePlace(other, refused))) {
            relaxed.add(refused);
        }
    }

    private static boolean samePlace(GrammarRefused one, GrammarRefused other) {
        return one.path().equals(other.path()) && one.keyword().equals(other.keyword());
    }

    List<GrammarRefused> relaxed() {
        return relaxed;
    }
}
