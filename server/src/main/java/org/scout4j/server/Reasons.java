package org.scout4j.server;

import java.net.BindException;

/** Why listening failed, in words. */
final class Reasons {
    private Reasons() {}

    /** The reason at the bottom of a failure. */
    static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean taken =
                cause instanceof BindException
                        && String.valueOf(cause.getMessage()).contains("in use");
        return taken ? "the port is in use" : String.valueOf(cause.getMessage());
    }
}
