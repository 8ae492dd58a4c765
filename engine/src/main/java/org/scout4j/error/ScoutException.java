package org.scout4j.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Anything scout4j refuses or fails at on purpose. The message says what and why, with numbers;
 * {@link #remedy()} says what to do next. The list of kinds is closed: each has one HTTP status and
 * one exit code (docs/ARCHITECTURE.md, "Errors").
 */
public abstract sealed class ScoutException extends RuntimeException
        permits InvalidRequest,
                ContextOverflow,
                ModelNotFound,
                VerificationFailed,
                DoesNotFit,
                Overloaded,
                GenerationFailed,
                AnswerUnusable,
                TimedOut,
                EngineClosed,
                Cancelled,
                PlatformUnfit {
    private static final long serialVersionUID = 1;

    private final @Nullable String remedy;

    ScoutException(String message, @Nullable String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What the reader can do next, as one sentence. */
    public final Optional<String> remedy() {
        return Optional.ofNullable(remedy);
    }
}
