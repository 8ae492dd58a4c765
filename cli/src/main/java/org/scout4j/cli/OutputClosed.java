package org.scout4j.cli;

import java.io.IOException;

/** Standard output cannot be written any more. */
final class OutputClosed extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputClosed(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** Whether its reader went away ({@code scout4j … | head}), which is no failure. */
    boolean readerLeft() {
        String message = getMessage();
        return message != null
                && (message.contains("Broken pipe") || message.contains("Pipe closed"));
    }
}
