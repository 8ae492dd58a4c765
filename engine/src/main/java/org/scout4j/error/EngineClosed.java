package org.scout4j.error;

import org.jspecify.annotations.Nullable;

/** The engine is closed, or ended because of the given cause; it computes nothing any more. */
public final class EngineClosed extends ScoutException {
    private static final long serialVersionUID = 1;

    public EngineClosed(String message, @Nullable Throwable cause) {
        super(message, "Load the model again.", cause);
    }
}
