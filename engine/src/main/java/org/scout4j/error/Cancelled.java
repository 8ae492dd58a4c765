package org.scout4j.error;

/** The caller cancelled the generation before it had ended. */
public final class Cancelled extends ScoutException {
    private static final long serialVersionUID = 1;

    public Cancelled() {
        super("The generation was cancelled.", null, null);
    }
}
