package org.scout4j.engine;

import java.time.Duration;

/**
 * How a request is queued and computed, as opposed to what it asks for. Nothing in here changes the
 * tokens of the answer.
 *
 * @param tenant whose cached prefixes the request may use and leave behind; requests of different
 *     tenants never share any
 * @param priority higher goes first; 0 is ordinary. A level counts as much as having waited 512
 *     steps, so that low priority waits longer but not for ever
 * @param rejectIfBusy refuse with {@link org.scout4j.error.Overloaded} when all slots are taken,
 *     instead of waiting for one
 * @param queueTimeout longest wait for the first step; then {@link org.scout4j.error.Overloaded}
 * @param timeout longest time from submission to the end; then {@link org.scout4j.error.TimedOut}
 */
public record Dispatch(
        String tenant,
        int priority,
        boolean rejectIfBusy,
        Duration queueTimeout,
        Duration timeout) {
    /** Spec "Reliability" L-22 and L-24. */
    private static final Dispatch ORDINARY =
            new Dispatch("", 0, false, Duration.ofMinutes(5), Duration.ofMinutes(30));

    public Dispatch {
        if (!queueTimeout.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException("timeouts " + queueTimeout + " and " + timeout);
        }
    }

    /** No tenant, ordinary priority, 5 minutes in the queue and 30 in all. */
    public static Dispatch ordinary() {
        return ORDINARY;
    }

    /** The same for a tenant. */
    public Dispatch withTenant(String name) {
        return new Dispatch(name, priority, rejectIfBusy, queueTimeout, timeout);
    }

    /** The same with another priority. */
    public Dispatch withPriority(int level) {
        return new Dispatch(tenant, level, rejectIfBusy, queueTimeout, timeout);
    }

    /** The same, refusing to wait. */
    public Dispatch rejectingIfBusy(boolean reject) {
        return new Dispatch(tenant, priority, reject, queueTimeout, timeout);
    }

    /** The same with other limits of time. */
    public Dispatch withTimeouts(Duration inQueue, Duration inAll) {
        return new Dispatch(tenant, priority, rejectIfBusy, inQueue, inAll);
    }
}
