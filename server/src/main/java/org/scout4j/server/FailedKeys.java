package org.scout4j.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong keys per address, so that guessing gets slow (spec "Reliability" L-25). Bounded: the
 * addresses that failed longest ago are forgotten first. Thread-safe.
 */
final class FailedKeys {
    private static final int ALLOWED = 20;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int ADDRESSES = 10_000;

    private record Count(long sinceNanos, int failures) {}

    private final Map<String, Count> counts = new LinkedHashMap<>();

    /**
     * Counts one failure.
     *
     * @return whether the address has failed too often in this minute
     */
    synchronized boolean failed(String address, long nowNanos) {
        Count before = counts.remove(address);
        Count now =
                before == null || nowNanos - before.sinceNanos >= MINUTE
                        ? new Count(nowNanos, 1)
                        : new Count(before.sinceNanos, before.failures + 1);
        counts.put(address, now);
        if (counts.size() > ADDRESSES) {
            counts.remove(counts.keySet().iterator().next());
        }
        return now.failures > ALLOWED;
    }
}
