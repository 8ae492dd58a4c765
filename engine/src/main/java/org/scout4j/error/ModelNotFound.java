package org.scout4j.error;

import org.jspecify.annotations.Nullable;

/** No model lies where one was looked for. */
public final class ModelNotFound extends ScoutException {
    private static final long serialVersionUID = 1;

    public ModelNotFound(String message, @Nullable String remedy) {
        super(message, remedy, null);
    }
}
