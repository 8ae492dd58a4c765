package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F16. With its exponent rebiased, a normal number x is right; a subnormal one should be 2x − 2⁻¹⁴,
 * which is less than x just then.
 */
final class F16Rows implements RowFormat, RunFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Integer> I = Lanes.ints(F);
    private static final VectorSpecies<Short> S = Lanes.shorts(F);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

    /** What the exponents of float32 and float16 differ by, in place. */
    private static final int REBIAS = (127 - 15) << 23;

    /** The smallest normal float16. */
    private static final FloatVector MINUS_SMALLEST = FloatVector.broadcast(F, -0x1p-14f);

    private static final FloatVector TWO = FloatVector.broadcast(F, 2);

    /** The largest finite value, shifted; what lies above is infinite or NaN and stays so. */
    private static final IntVector FINITE = IntVector.broadcast(I, (0x7C00 << 13) - 1);

    private static final int CHAIN = Panels.CHAIN * L;
    private static final int UPPER = Panels.CHAIN * 16;
    private static final int NEXT = Panels.ROWS * L;
    private static final int GROUP = Panels.GROUP;
    private static final int BYTES = 2;

    @Override
    public void decode(
            MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare) {
        int t = at;
        int whole = count / GROUP * GROUP;
        long end = start + (long) whole * BYTES;
        for (long p = start; p != end; p += GROUP * BYTES) {
            ShortVector s;
            IntVector n;
            IntVector m;
            IntVector r;
            FloatVector w;
            s = ShortVector.fromMemorySegment(S, bytes, p, LITTLE);
            n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
            m = n.and(0x7FFF).lanewise(LSHL, 13);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
            w.intoArray(panel, t);
            s = ShortVector.fromMemorySegment(S, bytes, p + 32, LITTLE);
            n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
            m = n.and(0x7FFF).lanewise(LSHL, 13);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
            w.intoArray(panel, t + UPPER);
            if (L < 16) {
                s = ShortVector.fromMemorySegment(S, bytes, p + 2 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                w.intoArray(panel, t + CHAIN);
                s = ShortVector.fromMemorySegment(S, bytes, p + 32 + 2 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                w.intoArray(panel, t + UPPER + CHAIN);
            }
            if (L < 8) {
                s = ShortVector.fromMemorySegment(S, bytes, p + 4 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                w.intoArray(panel, t + 2 * CHAIN);
                s = ShortVector.fromMemorySegment(S, bytes, p + 32 + 4 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                w.intoArray(panel, t + UPPER + 2 * CHAIN);
                s = ShortVector.fromMemorySegment(S, bytes, p + 6 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                w.intoArray(panel, t + 3 * CHAIN);
                s = ShortVector.fromMemorySegment(S, bytes, p + 32 + 6 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                w.intoArray(panel, t + UPPER + 3 * CHAIN);
            }
            t += NEXT;
        }
        if (whole < count) {
            for (int c = 0; c < GROUP; c++) {
                long p = end + (long) c * BYTES;
                panel[t + c / L * CHAIN + c % L] =
                        whole + c < count ? Float.float16ToFloat(bytes.get(SHORT, p)) : 0;
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
            ShortVector s;
            IntVector n;
            IntVector m;
            IntVector r;
            FloatVector w;
            FloatVector v;
            s = ShortVector.fromMemorySegment(S, bytes, p, LITTLE);
            n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
            m = n.and(0x7FFF).lanewise(LSHL, 13);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
            v = FloatVector.fromArray(F, x, k);
            a0 = w.fma(v, a0);
            s = ShortVector.fromMemorySegment(S, bytes, p + 32, LITTLE);
            n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
            m = n.and(0x7FFF).lanewise(LSHL, 13);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
            v = FloatVector.fromArray(F, x, k + 16);
            b0 = w.fma(v, b0);
            if (L < 16) {
                s = ShortVector.fromMemorySegment(S, bytes, p + 2 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + L);
                a1 = w.fma(v, a1);
                s = ShortVector.fromMemorySegment(S, bytes, p + 32 + 2 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 16 + L);
                b1 = w.fma(v, b1);
            }
            if (L < 8) {
                s = ShortVector.fromMemorySegment(S, bytes, p + 4 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 2 * L);
                a2 = w.fma(v, a2);
                s = ShortVector.fromMemorySegment(S, bytes, p + 32 + 4 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 16 + 2 * L);
                b2 = w.fma(v, b2);
                s = ShortVector.fromMemorySegment(S, bytes, p + 6 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
                v = FloatVector.fromArray(F, x, k + 3 * L);
                a3 = w.fma(v, a3);
                s = ShortVector.fromMemorySegment(S, bytes, p + 32 + 6 * L, LITTLE);
                n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
                m = n.and(0x7FFF).lanewise(LSHL, 13);
                w = m.add(REBIAS).reinterpretAsFloats();
                r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
                r = r.min(w.reinterpretAsInts());
                r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
                w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
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
            ShortVector s;
            IntVector n;
            IntVector m;
            IntVector r;
            FloatVector w;
            s = ShortVector.fromMemorySegment(S, bytes, p, LITTLE);
            n = (IntVector) s.convertShape(ZERO_EXTEND_S2I, I, 0);
            m = n.and(0x7FFF).lanewise(LSHL, 13);
            w = m.add(REBIAS).reinterpretAsFloats();
            r = w.fma(TWO, MINUS_SMALLEST).reinterpretAsInts();
            r = r.min(w.reinterpretAsInts());
            r = r.or(FINITE.sub(m).lanewise(ASHR, 31).and(0x7F800000));
            w = r.or(n.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
            w.intoArray(to, t);
            t += L;
        }
        for (long p = end; p != start + (long) count * BYTES; p += BYTES) {
            to[t++] = Float.float16ToFloat(bytes.get(SHORT, p));
        }
    }
}
