package org.scout4j.error;

import java.time.Duration;

/** The request took longer than it may; what had come until then was delivered. */
public final class TimedOut extends ScoutException {
    private static final long serialVersionUID = 1;

    /**
     * @param limit the longest time it may take
     */
    public TimedOut(Duration limit) {
        super(
                "The request was not finished after " + limit.toSeconds() + " s.",
                "Ask for fewer tokens, or send it when less is going on.",
                null);
    }
}
