package org.scout4j.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that cannot be served as it is: a parameter is missing, malformed or out of range. */
public final class InvalidRequest extends ScoutException {
    private static final long serialVersionUID = 1;

    private final @Nullable String param;

    /**
     * @param param the offending parameter as the client names it, or null when none can be named
     */
    public InvalidRequest(@Nullable String param, String message, @Nullable String remedy) {
        super(message, remedy, null);
        this.param = param;
    }

    public InvalidRequest(@Nullable String param, String message) {
        this(param, message, null);
    }

    /** The offending parameter as the client names it. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }
}
