package org.scout4j.grammar.schema;

import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/** Where in the schema something stands; the pointer is only spelt out when a client is told. */
record Place(@Nullable Place parent, String segment, int depth) {
    static final Place ROOT = new Place(null, "", 0);

    private static final int MOST_DEPTH = 256;

    /**
     * A place inside.
     *
     * @throws GrammarRefused if the schema is nested too deeply
     */
    Place at(String child) {
        if (depth >= MOST_DEPTH) {
            throw tooComplex("", "The schema is nested deeper than " + MOST_DEPTH + " levels.");
        }
        return new Place(this, child, depth + 1);
    }

    Place at(int index) {
        return at(Integer.toString(index));
    }

    /** The JSON pointer. */
    String pointer() {
        StringBuilder text = new StringBuilder();
        for (Place at = this; at != null && at.parent != null; at = at.parent) {
            text.insert(0, "/" + at.segment.replace("~", "~0").replace("/", "~1"));
        }
        return text.toString();
    }

    GrammarRefused invalid(String keyword, String problem) {
        return refused(Reason.INVALID, keyword, problem);
    }

    GrammarRefused unsupported(String keyword, String problem) {
        return refused(Reason.UNSUPPORTED, keyword, problem);
    }

    GrammarRefused tooComplex(String keyword, String problem) {
        return refused(Reason.TOO_COMPLEX, keyword, problem);
    }

    private GrammarRefused refused(Reason reason, String keyword, String problem) {
        return new GrammarRefused(reason, pointer(), keyword, problem);
    }
}
