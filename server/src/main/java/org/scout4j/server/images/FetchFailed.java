package org.scout4j.server.images;

import org.scout4j.server.ImageFetchReport.Outcome;

/** An image that could not be fetched; why is for log and metrics, never for clients. */
final class FetchFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    FetchFailed(Outcome outcome) {
        super(outcome.name());
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
