package org.scout4j.cli.load;

import java.util.Random;

/**
 * Independent random sequences of one seed. What a request is depends on the seed and its number
 * alone, never on the order in which threads asked.
 */
final class Draws {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Draws() {}

    /** What a sequence decides. */
    enum Purpose {
        PREFIX,
        PROMPT,
        LENGTHS,
        ARRIVALS,
        PROBE
    }

    /** {@link Random}, because its sequences are specified and so the same in every JDK. */
    static Random of(long seed, Purpose purpose, long epoch, long index) {
        long mixed = mix(seed + GOLDEN * (purpose.ordinal() + 1));
        return new Random(mix(mix(mixed + GOLDEN * epoch) + GOLDEN * index));
    }

    /** Spreads every bit over all (the finaliser of SplitMix64). */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
