package org.scout4j.backend.vector;

/**
 * The 12 bytes in which Q4_K and Q5_K pack eight scales and eight minima of 6 bits (spec "Model"
 * §6), as three little-endian words.
 */
final class SixBits {
    private SixBits() {}

    /** The scales, one a byte, first lowest. */
    static long scales(int low, int high) {
        long upper = high & 0x0F0F0F0F | (low >>> 6 & 0x03030303) << 4;
        return upper << 32 | low & 0x3F3F3F3F;
    }

    /** The minima, likewise. */
    static long minima(int middle, int high) {
        long upper = high >>> 4 & 0x0F0F0F0F | (middle >>> 6 & 0x03030303) << 4;
        return upper << 32 | middle & 0x3F3F3F3F;
    }
}
