package org.scout4j.sampling;

/**
 * Random numbers by counter: number i depends on the seed and i alone, never on what was drawn
 * before or elsewhere, so that a sequence may be recomputed from any point.
 *
 * <p>Number i is the (i + 1)-th output of SplitMix64 started at the seed: {@code mix(seed + (i + 1)
 * * 0x9E3779B97F4A7C15)}, with Stafford's variant 13 as mix (Steele, Lea, Flood, "Fast splittable
 * pseudorandom number generators", 2014).
 */
record RandomBits(long seed) {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /**
     * The numbers of one of several answers to a prompt. The first one's are those of the seed; the
     * others start at numbers of a generator of their own, for neighbouring seeds and choices must
     * not walk through the same sequence.
     */
    static RandomBits ofChoice(long seed, int choice) {
        return choice == 0
                ? new RandomBits(seed)
                : new RandomBits(new RandomBits(~seed).at(choice) ^ Long.rotateLeft(seed, 32));
    }

    /** Number {@code index}: 64 bits. */
    long at(long index) {
        long z = seed + (index + 1) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
