package org.scout4j.sampling;

/**
 * Random numbers by counter: number i depends on the seed and i alone, never on what was drawn
 * before or elsewhere, so that a sequence may be recomputed from any point.
 *
 * <p>The 64 bits behind number i are the (i + 1)-th output of SplitMix64 started at the seed:
 * {@code mix(seed + (i + 1) * 0x9E3779B97F4A7C15)}, with Stafford's variant 13 as mix (Steele, Lea,
 * Flood, "Fast splittable pseudorandom number generators", 2014). The upper 53 make the fraction.
 */
record UniformDraws(long seed) {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Number {@code index}, a multiple of 2^−53 in [0, 1). */
    double at(long index) {
        long z = seed + (index + 1) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }
}
