package org.scout4j.cli;

import java.util.Optional;

/**
 * Colours for one stream, or none.
 *
 * @param coloured whether to colour at all
 */
record Palette(boolean coloured) {
    private static final String RESET = "\033[0m";

    /** When to colour. */
    enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** {@code auto} colours a terminal, unless NO_COLOR is set (https://no-color.org). */
    static Palette of(When when, boolean terminal, Surroundings here) {
        Optional<String> refused = here.variable("NO_COLOR");
        return new Palette(
                switch (when) {
                    case ALWAYS -> true;
                    case NEVER -> false;
                    case AUTO -> terminal && refused.isEmpty();
                });
    }

    String alarm(String text) {
        return paint("\033[1;31m", text);
    }

    String strong(String text) {
        return paint("\033[1m", text);
    }

    String faint(String text) {
        return paint("\033[2m", text);
    }

    private String paint(String sequence, String text) {
        return coloured ? sequence + text + RESET : text;
    }
}
