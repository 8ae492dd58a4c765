package org.scout4j.chat.calls;

/**
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014) over
 * the seed and the choice; not thread-safe.
 */
final class SeededCallIds implements CallIds {
    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final int DIGITS_PER_LONG = 8;
    private static final int LONGS = 3;

    private long state;

    SeededCallIds(long seed, int choice) {
        // Mixed before the choice is added: neighbours in seed and choice must not meet.
        this.state = mix(mix(seed + GOLDEN_GAMMA) + choice * GOLDEN_GAMMA);
    }

    @Override
    public String next() {
        StringBuilder id = new StringBuilder("call_");
        for (int i = 0; i < LONGS; i++) {
            state += GOLDEN_GAMMA;
            long rest = mix(state);
            for (int digit = 0; digit < DIGITS_PER_LONG; digit++) {
                id.append(DIGITS.charAt((int) Long.remainderUnsigned(rest, DIGITS.length())));
                rest = Long.divideUnsigned(rest, DIGITS.length());
            }
        }
        return id.toString();
    }

    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
