package org.scout4j.server.completions;

import java.util.concurrent.ThreadLocalRandom;

/** Hides how long a token is from who sees only the lengths of packets. */
public final class Padding {
    private static final int LONGEST = 32;

    private Padding() {}

    /** Some characters. */
    public static String random() {
        return "x".repeat(ThreadLocalRandom.current().nextInt(1, LONGEST + 1));
    }
}
