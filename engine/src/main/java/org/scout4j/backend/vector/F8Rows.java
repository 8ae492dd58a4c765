package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.WeightDecoder;

/**
 * F8_E4M3, without infinities. With its exponent rebiased, a normal number x is right; a subnormal
 * one should be 2x − 2⁻⁶, which is less than x just then.
 */
final class F8Rows implements RowFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final VectorSpecies<Integer> I = Lanes.ints(F);
    private static final VectorSpecies<Byte> B = Lanes.bytes(F);
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    /** What the exponents of float32 and E4M3 differ by, in place. */
    private static final int REBIAS = (127 - 7) << 23;

    /** The smallest normal number. */
    private static final FloatVector MINUS_SMALLEST = FloatVector.broadcast(F, -0x1p-6f);

    private static final FloatVector TWO = FloatVector.broadcast(F, 2);

    /** The largest number, shifted; the one pattern above it is NaN. */
    private static final IntVector FINITE = IntVector.broadcast(I, 0x7E << 20);

    private static final int CHAIN = Panels.CHAIN * L;
    private static final int UPPER = Panels.CHAIN * 16;
    private static final int NEXT = Panels.ROWS * L;
    private static final int GROUP = Panels.GROUP;
    private static final int GROUP_BYTES = 32;

    @Override
    public void decode(
            MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare) {
        int t = at;
        int whole = count / GROUP * GROUP;
        long end = start + (long) count / GROUP * GROUP_BYTES;
        for (long p = start; p != end; p += GROUP_BYTES) {
            ByteVector q;
            IntVector n;
            IntVector m;
            IntVector r;
            FloatVector w;
            q = ByteVector.fromMemorySegment(B, bytes, p, LITTLE);
            n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
            m = n.and(0x7F).lanewise(LSHL, 20);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
            w.intoArray(panel, t);
            q = ByteVector.fromMemorySegment(B, bytes, p + 16, LITTLE);
            n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
            m = n.and(0x7F).lanewise(LSHL, 20);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
            w.intoArray(panel, t + UPPER);
            if (L < 16) {
                q = ByteVector.fromMemorySegment(B, bytes, p + (L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                w.intoArray(panel, t + CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, p + 16 + (L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                w.intoArray(panel, t + UPPER + CHAIN);
            }
            if (L < 8) {
                q = ByteVector.fromMemorySegment(B, bytes, p + (2 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                w.intoArray(panel, t + 2 * CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, p + 16 + (2 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                w.intoArray(panel, t + UPPER + 2 * CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, p + (3 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                w.intoArray(panel, t + 3 * CHAIN);
                q = ByteVector.fromMemorySegment(B, bytes, p + 16 + (3 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                w.intoArray(panel, t + UPPER + 3 * CHAIN);
            }
            t += NEXT;
        }
        for (int c = 0; whole < count && c < GROUP; c++) {
            panel[t + c / L * CHAIN + c % L] =
                    whole + c < count ? WeightDecoder.element(DType.F8_E4M3, bytes, end + c) : 0;
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
        long end = start + (long) columns / GROUP * GROUP_BYTES;
        for (long p = start; p != end; p += GROUP_BYTES) {
            ByteVector q;
            IntVector n;
            IntVector m;
            IntVector r;
            FloatVector w;
            FloatVector v;
            q = ByteVector.fromMemorySegment(B, bytes, p, LITTLE);
            n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
            m = n.and(0x7F).lanewise(LSHL, 20);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
            v = FloatVector.fromArray(F, x, k);
            a0 = w.fma(v, a0);
            q = ByteVector.fromMemorySegment(B, bytes, p + 16, LITTLE);
            n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
            m = n.and(0x7F).lanewise(LSHL, 20);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
            v = FloatVector.fromArray(F, x, k + 16);
            b0 = w.fma(v, b0);
            if (L < 16) {
                q = ByteVector.fromMemorySegment(B, bytes, p + (L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + L);
                a1 = w.fma(v, a1);
                q = ByteVector.fromMemorySegment(B, bytes, p + 16 + (L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 16 + L);
                b1 = w.fma(v, b1);
            }
            if (L < 8) {
                q = ByteVector.fromMemorySegment(B, bytes, p + (2 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 2 * L);
                a2 = w.fma(v, a2);
                q = ByteVector.fromMemorySegment(B, bytes, p + 16 + (2 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 16 + 2 * L);
                b2 = w.fma(v, b2);
                q = ByteVector.fromMemorySegment(B, bytes, p + (3 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 3 * L);
                a3 = w.fma(v, a3);
                q = ByteVector.fromMemorySegment(B, bytes, p + 16 + (3 * L & -8), LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                m = n.and(0x7F).lanewise(LSHL, 20);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x80).lanewise(LSHL, 24)).reinterpretAsFloats();
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
