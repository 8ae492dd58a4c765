package org.scout4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages of files, repeatable from a seed. */
public final class Mutation {
    private static final long[] ABSURD = {
        0,
        1,
        -1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        (1L << 62) + 1,
        1L << 61,
        1L << 32,
        Integer.MAX_VALUE,
        1L << 31,
        65_536,
        Double.doubleToLongBits(Double.NaN),
        Float.floatToIntBits(Float.NaN)
    };

    private Mutation() {}

    /**
     * Puts one to four damages into the first {@code length} bytes of {@code scratch}, a copy of
     * the original whose beginning is restored first: a bit turned, a byte replaced, or four or
     * eight bytes replaced by an absurd number.
     */
    public static void damage(
            byte[] original, byte[] scratch, int length, SplittableRandom random) {
        System.arraycopy(original, 0, scratch, 0, Math.min(original.length, length + Long.BYTES));
        ByteBuffer view = ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN);
        for (int damage = random.nextInt(4); damage >= 0; damage--) {
            int at = random.nextInt(Math.min(length, scratch.length - Long.BYTES));
            long absurd = ABSURD[random.nextInt(ABSURD.length)];
            switch (random.nextInt(4)) {
                case 0 -> scratch[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> scratch[at] = (byte) random.nextInt(256);
                case 2 -> view.putInt(at, (int) absurd);
                default -> view.putLong(at, absurd);
            }
        }
    }

    /** The first bytes of a file: every length near its start, then ever fewer. */
    public static byte[][] truncated(byte[] original, int count, SplittableRandom random) {
        byte[][] cuts = new byte[count][];
        for (int i = 0; i < count; i++) {
            int length = i < count / 4 ? i : random.nextInt(original.length);
            cuts[i] = Arrays.copyOf(original, length);
        }
        return cuts;
    }
}
