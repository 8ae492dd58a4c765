package org.scout4j.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that cannot be served as it is: a parameter is missing, malformed or out of range. */
public final class InvalidRequest extends ScoutException {
    private static final long serialVersionUID = 1;

    /** The code of what is well-formed and known, but not offered. */
    public static final String UNSUPPORTED = "unsupported_parameter";

    /** The code of an image that cannot be read, or is larger than allowed. */
    public static final String INVALID_IMAGE = "invalid_image";

    private final @Nullable String param;
    private final @Nullable String code;

    /**
     * @param param the offending parameter as the client names it, or null when none can be named
     * @param code what is wrong, for programs, e.g. {@code invalid_image}; null when nothing
     *     special
     */
    public InvalidRequest(
            @Nullable String param,
            @Nullable String code,
            String message,
            @Nullable String remedy) {
        super(message, remedy, null);
        this.param = param;
        this.code = code;
    }

    public InvalidRequest(@Nullable String param, String message, @Nullable String remedy) {
        this(param, null, message, remedy);
    }

    public InvalidRequest(@Nullable String param, String message) {
        this(param, message, null);
    }

    /** The offending parameter as the client names it. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }

    /** What is wrong, for programs. */
    public Optional<String> code() {
        return Optional.ofNullable(code);
    }
}
