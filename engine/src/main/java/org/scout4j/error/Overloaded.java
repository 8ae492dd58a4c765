package org.scout4j.error;

import java.time.Duration;

/** The queue is full: the request was not accepted and can be sent again. */
public final class Overloaded extends ScoutException {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    public Overloaded(String message, Duration retryAfter) {
        super(message, "Send the request again after " + retryAfter.toSeconds() + " s.", null);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
