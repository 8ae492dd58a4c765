package org.scout4j.error;

/** This Java runtime or machine lacks something that was asked for by name. */
public final class PlatformUnfit extends ScoutException {
    private static final long serialVersionUID = 1;

    public PlatformUnfit(String message, String remedy) {
        super(message, remedy, null);
    }
}
