package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.B2F;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Q8_0: a float16 scale and 32 signed bytes; {@code d · q}. */
final class Q8Rows implements RowFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final VectorSpecies<Byte> B = Lanes.bytes(F);
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);
    private static final int CHAIN = Panels.CHAIN * L;
    private static final int UPPER = Panels.CHAIN * 16;
    private static final int NEXT = Panels.ROWS * L;
    private static final int BLOCK = 32;
    private static final int BYTES = 34;
    private static final int GROUP = Panels.GROUP;

    @Override
    public void decode(
            MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare) {
        int t = at;
        long end = start + (long) count / BLOCK * BYTES;
        for (long block = start; block != end; block += BYTES) {
            float d = Float.float16ToFloat(bytes.get(HALF, block));
            ByteVector q;
            FloatVector w;
            q = ByteVector.fromMemorySegment(B, bytes, block + 2, LITTLE);
            w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(d);
            w.intoArray(panel, t);
            q = ByteVector.fromMemorySegment(B, bytes, block + 18, LITTLE);
            w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(d);
            w.intoArray(panel, t + UPPER);
            if (L < 16) {
                q = ByteVector.fromMemorySegment(B, bytes, block + 2 + (L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(d);
                w.intoArray(panel, t + CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, block + 18 + (L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(d);
                w.intoArray(panel, t + UPPER + CHAIN);
            }
            if (L < 8) {
                q = ByteVector.fromMemorySegment(B, bytes, block + 2 + (2 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(d);
                w.intoArray(panel, t + 2 * CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, block + 18 + (2 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(d);
                w.intoArray(panel, t + UPPER + 2 * CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, block + 2 + (3 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(d);
                w.intoArray(panel, t + 3 * CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, block + 18 + (3 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(d);
                w.intoArray(panel, t + UPPER + 3 * CHAIN);
            }
            t += NEXT;
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
        long end = start + (long) columns / BLOCK * BYTES;
        for (long block = start; block != end; block += BYTES) {
            float d = Float.float16ToFloat(bytes.get(HALF, block));
            ByteVector q;
            FloatVector w;
            FloatVector v;
            q = ByteVector.fromMemorySegment(B, bytes, block + 2, LITTLE);
            w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(d);
            v = FloatVector.fromArray(F, x, k);
            a0 = w.fma(v, a0);
            q = ByteVector.fromMemorySegment(B, bytes, block + 18, LITTLE);
            w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(d);
            v = FloatVector.fromArray(F, x, k + 16);
            b0 = w.fma(v, b0);
            if (L < 16) {
                q = ByteVector.fromMemorySegment(B, bytes, block + 2 + (L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(d);
                v = FloatVector.fromArray(F, x, k + L);
                a1 = w.fma(v, a1);
                q = ByteVector.fromMemorySegment(B, bytes, block + 18 + (L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(d);
                v = FloatVector.fromArray(F, x, k + 16 + L);
                b1 = w.fma(v, b1);
            }
            if (L < 8) {
                q = ByteVector.fromMemorySegment(B, bytes, block + 2 + (2 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(d);
                v = FloatVector.fromArray(F, x, k + 2 * L);
                a2 = w.fma(v, a2);
                q = ByteVector.fromMemorySegment(B, bytes, block + 18 + (2 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(d);
                v = FloatVector.fromArray(F, x, k + 16 + 2 * L);
                b2 = w.fma(v, b2);
                q = ByteVector.fromMemorySegment(B, bytes, block + 2 + (3 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(d);
                v = FloatVector.fromArray(F, x, k + 3 * L);
                a3 = w.fma(v, a3);
                q = ByteVector.fromMemorySegment(B, bytes, block + 18 + (3 * L & -8), LITTLE);
                w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(d);
                v = FloatVector.fromArray(F, x, k + 16 + 3 * L);
                b3 = w.fma(v, b3);
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
}
