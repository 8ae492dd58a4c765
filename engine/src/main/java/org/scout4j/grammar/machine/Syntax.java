package org.scout4j.grammar.machine;

/** How values are written. */
enum Syntax {
    /** JSON, with bounded white space between tokens. */
    JSON,
    /**
     * Python literals: {@code True}, {@code None}; strings as JSON writes them, without {@code \/}
     * and surrogates; one optional blank after {@code ,} and {@code :}.
     */
    PYTHON,
    /** Members as keyword arguments, {@code name=value}; the values are Python literals. */
    ARGUMENTS;

    /** How values inside are written. */
    Syntax inside() {
        return this == JSON ? JSON : PYTHON;
    }
}
