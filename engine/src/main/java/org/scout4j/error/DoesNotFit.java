package org.scout4j.error;

/** The model, with the context asked for, needs more memory than this process may use. */
public final class DoesNotFit extends ScoutException {
    private static final long serialVersionUID = 1;

    private final long neededBytes;
    private final long availableBytes;

    public DoesNotFit(String message, String remedy, long neededBytes, long availableBytes) {
        super(message, remedy, null);
        this.neededBytes = neededBytes;
        this.availableBytes = availableBytes;
    }

    public long neededBytes() {
        return neededBytes;
    }

    public long availableBytes() {
        return availableBytes;
    }
}
