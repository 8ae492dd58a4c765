package org.scout4j.server;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids of requests: UUIDs of version 7, which sort by time. */
final class RequestIds {
    private final SecureRandom random = new SecureRandom();

    String next() {
        long millis = System.currentTimeMillis();
        long high = millis << 16 | 0x7000 | random.nextInt(1 << 12);
        long low = 0x8000_0000_0000_0000L | random.nextLong() >>> 2;
        return new UUID(high, low).toString();
    }
}
