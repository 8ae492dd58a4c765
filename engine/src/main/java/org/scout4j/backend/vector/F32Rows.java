package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** F32. */
final class F32Rows implements RowFormat, RunFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);
    private static final int CHAIN = Panels.CHAIN * L;
    private static final int UPPER = Panels.CHAIN * 16;
    private static final int NEXT = Panels.ROWS * L;
    private static final int GROUP = Panels.GROUP;
    private static final int BYTES = 4;

    @Override
    public void decode(
            MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare) {
        int t = at;
        int whole = count / GROUP * GROUP;
        long end = start + (long) whole * BYTES;
        for (long p = start; p != end; p += GROUP * BYTES) {
            FloatVector w;
            w = FloatVector.fromMemorySegment(F, bytes, p, LITTLE);
            w.intoArray(panel, t);
            w = FloatVector.fromMemorySegment(F, bytes, p + 64, LITTLE);
            w.intoArray(panel, t + UPPER);
            if (L < 16) {
                w = FloatVector.fromMemorySegment(F, bytes, p + 4 * L, LITTLE);
                w.intoArray(panel, t + CHAIN);
                w = FloatVector.fromMemorySegment(F, bytes, p + 64 + 4 * L, LITTLE);
                w.intoArray(panel, t + UPPER + CHAIN);
            }
            if (L < 8) {
                w = FloatVector.fromMemorySegment(F, bytes, p + 8 * L, LITTLE);
                w.intoArray(panel, t + 2 * CHAIN);
                w = FloatVector.fromMemorySegment(F, bytes, p + 64 + 8 * L, LITTLE);
                w.intoArray(panel, t + UPPER + 2 * CHAIN);
                w = FloatVector.fromMemorySegment(F, bytes, p + 12 * L, LITTLE);
                w.intoArray(panel, t + 3 * CHAIN);
                w = FloatVector.fromMemorySegment(F, bytes, p + 64 + 12 * L, LITTLE);
                w.intoArray(panel, t + UPPER + 3 * CHAIN);
            }
            t += NEXT;
        }
        if (whole < count) {
            for (int c = 0; c < GROUP; c++) {
                long p = end + (long) c * BYTES;
                panel[t + c / L * CHAIN + c % L] = whole + c < count ? bytes.get(FLOAT, p) : 0;
            }
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
        long end = start + (long) columns * BYTES;
        for (long p = start; p != end; p += GROUP * BYTES) {
            FloatVector w;
            FloatVector v;
            w = FloatVector.fromMemorySegment(F, bytes, p, LITTLE);
            v = FloatVector.fromArray(F, x, k);
            a0 = w.fma(v, a0);
            w = FloatVector.fromMemorySegment(F, bytes, p + 64, LITTLE);
            v = FloatVector.fromArray(F, x, k + 16);
            b0 = w.fma(v, b0);
            if (L < 16) {
                w = FloatVector.fromMemorySegment(F, bytes, p + 4 * L, LITTLE);
                v = FloatVector.fromArray(F, x, k + L);
                a1 = w.fma(v, a1);
                w = FloatVector.fromMemorySegment(F, bytes, p + 64 + 4 * L, LITTLE);
                v = FloatVector.fromArray(F, x, k + 16 + L);
                b1 = w.fma(v, b1);
            }
            if (L < 8) {
                w = FloatVector.fromMemorySegment(F, bytes, p + 8 * L, LITTLE);
                v = FloatVector.fromArray(F, x, k + 2 * L);
                a2 = w.fma(v, a2);
                w = FloatVector.fromMemorySegment(F, bytes, p + 64 + 8 * L, LITTLE);
                v = FloatVector.fromArray(F, x, k + 16 + 2 * L);
                b2 = w.fma(v, b2);
                w = FloatVector.fromMemorySegment(F, bytes, p + 12 * L, LITTLE);
                v = FloatVector.fromArray(F, x, k + 3 * L);
                a3 = w.fma(v, a3);
                w = FloatVector.fromMemorySegment(F, bytes, p + 64 + 12 * L, LITTLE);
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

    @Override
    public void decodeRun(MemorySegment bytes, long start, int count, float[] to, int at) {
        int t = at;
        int whole = F.loopBound(count);
        long end = start + (long) whole * BYTES;
        for (long p = start; p != end; p += L * BYTES) {
            FloatVector w;
            w = FloatVector.fromMemorySegment(F, bytes, p, LITTLE);
            w.intoArray(to, t);
            t += L;
        }
        for (long p = end; p != start + (long) count * BYTES; p += BYTES) {
            to[t++] = bytes.get(FLOAT, p);
        }
    }
}
