package org.scout4j.grammar;

/**
 * A schema, pattern or choice that cannot be enforced as it is. The face turns it into an {@link
 * org.scout4j.error.InvalidRequest} that names the request's field.
 */
public final class GrammarRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why it was refused. */
    public enum Reason {
        /** It breaks the rules of its language: a keyword of the wrong type, an unclosed group. */
        INVALID,
        /** It is well-formed, but something in it cannot be enforced. */
        UNSUPPORTED,
        /** Nothing satisfies it. */
        UNSATISFIABLE,
        /** It costs more states, memory or time than a request may. */
        TOO_COMPLEX
    }

    private final Reason reason;
    private final String path;
    private final String keyword;
    private final String problem;

    /**
     * @param path where: a JSON pointer into the schema, {@code ""} = its root, or into a pattern's
     *     place; the root for patterns and choices that stand alone
     * @param keyword which keyword, {@code ""} if none can be named
     * @param problem what is wrong, one sentence for people
     */
    public GrammarRefused(Reason reason, String path, String keyword, String problem) {
        super(problem, null, false, false);
        this.reason = reason;
        this.path = path;
        this.keyword = keyword;
        this.problem = problem;
    }

    public Reason reason() {
        return reason;
    }

    public String path() {
        return path;
    }

    public String keyword() {
        return keyword;
    }

    /** What is wrong, one sentence for people. */
    public String problem() {
        return problem;
    }

    /** The same at a place of a schema, for what a pattern or number could not know itself. */
    public GrammarRefused at(String schemaPath, String schemaKeyword) {
        return new GrammarRefused(reason, schemaPath, schemaKeyword, problem);
    }
}
