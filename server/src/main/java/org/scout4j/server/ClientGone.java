package org.scout4j.server;

/** The client has left before its reply was complete; there is nobody to tell anything. */
public final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ClientGone() {
        super("the client has left", null, false, false);
    }
}
