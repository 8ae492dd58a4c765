package org.scout4j.server;

import java.time.Duration;

/**
 * One attempt to fetch an image from another host.
 *
 * @param host as the operator allowed it
 * @param took from the wish to the end
 */
public record ImageFetchReport(String host, Outcome outcome, Duration took) {

    /** How it ended; clients are told no more than whether it was {@link #FETCHED}. */
    public enum Outcome {
        FETCHED,
        /** The host has no address. */
        UNKNOWN_HOST,
        /** One of the host's addresses is not public. */
        ADDRESS_REFUSED,
        /** No connection, no valid certificate, or not HTTP. */
        UNREACHABLE,
        /** A status other than 200, redirects among them, or an encoded body. */
        REFUSED,
        TOO_LARGE,
        /** A body that begins like no image. */
        NOT_AN_IMAGE,
        TIMED_OUT,
        /** The client has left, or another image of its request could not be fetched. */
        CANCELLED,
        /** Too many were being fetched all the time. */
        BUSY
    }
}
