package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2S;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The packed nibbles of compressed-tensors: eight in a little-endian word, the first lowest, so two
 * neighbours in each byte; {@code n − 8}.
 */
final class Int4Rows implements RowFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final VectorSpecies<Byte> B = Lanes.bytes(F);

    /** Bytes of nibbles, and shorts with one of them each. */
    private static final VectorSpecies<Byte> PACKED = Lanes.packedBytes(F);

    private static final VectorSpecies<Short> WIDE = Lanes.wideShorts(F);
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int CHAIN = Panels.CHAIN * L;
    private static final int UPPER = Panels.CHAIN * 16;
    private static final int NEXT = Panels.ROWS * L;
    private static final int GROUP = Panels.GROUP;
    private static final int GROUP_BYTES = 16;

    @Override
    public void decode(
            MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare) {
        int t = at;
        int whole = count / GROUP * GROUP;
        long end = start + whole / 2;
        for (long p = start; p != end; p += GROUP_BYTES) {
            unpack(bytes, p, spare);
            ByteVector q;
            FloatVector w;
            q = ByteVector.fromArray(B, spare, 0);
            w = (FloatVector) q.convertShape(B2F, F, 0);
            w.intoArray(panel, t);
            q = ByteVector.fromArray(B, spare, 16);
            w = (FloatVector) q.convertShape(B2F, F, 0);
            w.intoArray(panel, t + UPPER);
            if (L < 16) {
                q = ByteVector.fromArray(B, spare, (L & -8));
                w = (FloatVector) q.convertShape(B2F, F, L % 8 / L);
                w.intoArray(panel, t + CHAIN);
                q = ByteVector.fromArray(B, spare, 16 + (L & -8));
                w = (FloatVector) q.convertShape(B2F, F, L % 8 / L);
                w.intoArray(panel, t + UPPER + CHAIN);
            }
            if (L < 8) {
                q = ByteVector.fromArray(B, spare, (2 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L);
                w.intoArray(panel, t + 2 * CHAIN);
                q = ByteVector.fromArray(B, spare, 16 + (2 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L);
                w.intoArray(panel, t + UPPER + 2 * CHAIN);
                q = ByteVector.fromArray(B, spare, (3 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L);
                w.intoArray(panel, t + 3 * CHAIN);
                q = ByteVector.fromArray(B, spare, 16 + (3 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L);
                w.intoArray(panel, t + UPPER + 3 * CHAIN);
            }
            t += NEXT;
        }
        for (int c = 0; whole < count && c < GROUP; c++) {
            int value = 0;
            if (whole + c < count) {
                int pair = bytes.get(ValueLayout.JAVA_BYTE, end + c / 2);
                value = (pair >>> c % 2 * 4 & 15) - 8;
            }
            panel[t + c / L * CHAIN + c % L] = value;
        }
    }

    @Override
    public void multiply(
            MemorySegment bytes, long start, int columns, float[] x, float[] sums, byte[] spare) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector a1 = FloatVector.zero(F);
        FloatVector a2 = FloatVector.zero(F);
        FloatVector a3 = FloatVector.zero(F);
        FloatVector b0 = FloatVector.zero(F);
        FloatVector b1 = FloatVector.zero(F);
        FloatVector b2 = FloatVector.zero(F);
        FloatVector b3 = FloatVector.zero(F);
        int k = 0;
        long end = start + columns / 2;
        for (long p = start; p != end; p += GROUP_BYTES) {
            unpack(bytes, p, spare);
            ByteVector q;
            FloatVector w;
            q = ByteVector.fromArray(B, spare, 0);
            w = (FloatVector) q.convertShape(B2F, F, 0);
            a0 = w.fma(FloatVector.fromArray(F, x, k), a0);
            q = ByteVector.fromArray(B, spare, 16);
            w = (FloatVector) q.convertShape(B2F, F, 0);
            b0 = w.fma(FloatVector.fromArray(F, x, k + 16), b0);
            if (L < 16) {
                q = ByteVector.fromArray(B, spare, (L & -8));
                w = (FloatVector) q.convertShape(B2F, F, L % 8 / L);
                a1 = w.fma(FloatVector.fromArray(F, x, k + L), a1);
                q = ByteVector.fromArray(B, spare, 16 + (L & -8));
                w = (FloatVector) q.convertShape(B2F, F, L % 8 / L);
                b1 = w.fma(FloatVector.fromArray(F, x, k + 16 + L), b1);
            }
            if (L < 8) {
                q = ByteVector.fromArray(B, spare, (2 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L);
                a2 = w.fma(FloatVector.fromArray(F, x, k + 2 * L), a2);
                q = ByteVector.fromArray(B, spare, 16 + (2 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L);
                b2 = w.fma(FloatVector.fromArray(F, x, k + 16 + 2 * L), b2);
                q = ByteVector.fromArray(B, spare, (3 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L);
                a3 = w.fma(FloatVector.fromArray(F, x, k + 3 * L), a3);
                q = ByteVector.fromArray(B, spare, 16 + (3 * L & -8));
                w = (FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L);
                b3 = w.fma(FloatVector.fromArray(F, x, k + 16 + 3 * L), b3);
            }
            k += GROUP;
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, 16);
        if (L < 16) {
            a1.intoArray(sums, L);
            b1.intoArray(sums, 16 + L);
        }
        if (L < 8) {
            a2.intoArray(sums, 2 * L);
            a3.intoArray(sums, 3 * L);
            b2.intoArray(sums, 16 + 2 * L);
            b3.intoArray(sums, 16 + 3 * L);
        }
    }

    /** Writes the numbers n − 8 of a group as bytes. */
    private static void unpack(MemorySegment bytes, long start, byte[] spare) {
        for (int i = 0; i < GROUP_BYTES; i += PACKED.length()) {
            ByteVector packed = ByteVector.fromMemorySegment(PACKED, bytes, start + i, LITTLE);
            ShortVector pairs = (ShortVector) packed.convertShape(ZERO_EXTEND_B2S, WIDE, 0);
            pairs.or(pairs.lanewise(LSHL, 4))
                    .and((short) 0x0F0F)
                    .reinterpretAsBytes()
                    .sub((byte) 8)
                    .intoArray(spare, 2 * i);
        }
    }
}
