package org.scout4j.grammar.machine;

import org.scout4j.grammar.value.Alternative;

/**
 * Texts and how they are written. Compared by identity.
 *
 * @param min least code points
 * @param max most code points
 */
record TextKind(Texts texts, Form form, int min, int max) {
    /** How a text is written. */
    enum Form {
        /** A JSON string; the opening quote has been read, the closing one ends it. */
        JSON,
        /** As JSON, without {@code \/} and without surrogates after {@code \}{@code u}. */
        PYTHON,
        /** As it is; whatever cannot belong to it ends it. */
        RAW,
        /** As it is, an ASCII identifier; an equals sign ends it. */
        NAME;

        boolean quoted() {
            return this == JSON || this == PYTHON;
        }
    }

    static TextKind of(Texts texts, Form form) {
        return new TextKind(texts, form, 0, Alternative.UNBOUNDED);
    }

    /** The text before its first character. */
    TextFrame begin() {
        return new TextFrame(this, texts.start(), 0, 0);
    }

    /** Whether characters are not counted. */
    boolean unbounded() {
        return max == Alternative.UNBOUNDED;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
