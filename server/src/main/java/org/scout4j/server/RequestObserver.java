package org.scout4j.server;

/** Hears of every request that has ended; on the request's thread. Throws nothing. */
public interface RequestObserver {
    void ended(RequestReport report);
}
