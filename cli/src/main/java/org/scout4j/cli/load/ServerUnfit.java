package org.scout4j.cli.load;

/** A server that cannot be measured, found before anything was. */
public final class ServerUnfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why not. */
    public enum Reason {
        /** Nobody answers there, or not now. */
        UNREACHABLE,
        /** It wants another key. */
        DENIED,
        /** It answers, but refuses what it is asked. */
        REFUSED
    }

    ServerUnfit(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
