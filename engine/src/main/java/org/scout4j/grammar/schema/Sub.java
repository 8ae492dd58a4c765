package org.scout4j.grammar.schema;

import org.jspecify.annotations.Nullable;

/**
 * A set of values that is worked out when it is first needed, so that schemas may refer to
 * themselves. One instance for one schema, so identity is equality.
 */
final class Sub {
    /** How a set is worked out. */
    interface Source {
        Term read();
    }

    private @Nullable Source source;
    private @Nullable Term term;
    private @Nullable Sub negation;

    private Sub(@Nullable Source source, @Nullable Term term) {
        this.source = source;
        this.term = term;
    }

    static Sub lazy(Source source) {
        return new Sub(source, null);
    }

    static Sub of(Term term) {
        return new Sub(null, term);
    }

    /** The set; reading it may refuse the schema. */
    Term term() {
        Term known = term;
        if (known == null) {
            known = java.util.Objects.requireNonNull(source).read();
            term = known;
            source = null;
        }
        return known;
    }

    /** All other values. */
    Sub negated(Terms terms) {
        Sub known = negation;
        if (known == null) {
            known = lazy(() -> terms.not(term()));
            known.negation = this;
            negation = known;
        }
        return known;
    }
}
