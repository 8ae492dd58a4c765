package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Q4_K: 256 weights in eight groups of 32 with 6-bit scales and minima; {@code d · scale · q − dmin
 * · minimum}. Two groups share 32 bytes: low nibbles, then high ones. The products with the scales
 * are exact, so one fused multiply-add rounds as the definition does.
 */
final class Q4KRows implements RowFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final VectorSpecies<Integer> I = Lanes.ints(F);
    private static final VectorSpecies<Byte> B = Lanes.bytes(F);
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);
    private static final int CHAIN = Panels.CHAIN * L;
    private static final int UPPER = Panels.CHAIN * 16;
    private static final int NEXT = Panels.ROWS * L;
    private static final int BLOCK = 256;
    private static final int BYTES = 144;
    private static final int GROUP = Panels.GROUP;

    @Override
    public void decode(
            MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare) {
        int t = at;
        long end = start + (long) count / BLOCK * BYTES;
        for (long block = start; block != end; block += BYTES) {
            float d = Float.float16ToFloat(bytes.get(HALF, block));
            float dmin = -Float.float16ToFloat(bytes.get(HALF, block + 2));
            int third = bytes.get(WORD, block + 12);
            long scales = SixBits.scales(bytes.get(WORD, block + 4), third);
            long minima = SixBits.minima(bytes.get(WORD, block + 8), third);
            long quants = block + 16;
            while (quants != block + BYTES) {
                FloatVector d0 = FloatVector.broadcast(F, d * (int) (scales & 63));
                FloatVector m0 = FloatVector.broadcast(F, dmin * (int) (minima & 63));
                FloatVector d1 = FloatVector.broadcast(F, d * (int) (scales >>> 8 & 63));
                FloatVector m1 = FloatVector.broadcast(F, dmin * (int) (minima >>> 8 & 63));
                ByteVector q;
                IntVector n;
                FloatVector w;
                q = ByteVector.fromMemorySegment(B, bytes, quants, LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                w.intoArray(panel, t);
                w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                w.intoArray(panel, t + NEXT);
                q = ByteVector.fromMemorySegment(B, bytes, quants + 16, LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                w.intoArray(panel, t + UPPER);
                w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                w.intoArray(panel, t + NEXT + UPPER);
                if (L < 16) {
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    w.intoArray(panel, t + CHAIN);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    w.intoArray(panel, t + UPPER + CHAIN);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + UPPER + CHAIN);
                }
                if (L < 8) {
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (2 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    w.intoArray(panel, t + 2 * CHAIN);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + 2 * CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (2 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    w.intoArray(panel, t + UPPER + 2 * CHAIN);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + UPPER + 2 * CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (3 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    w.intoArray(panel, t + 3 * CHAIN);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + 3 * CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (3 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    w.intoArray(panel, t + UPPER + 3 * CHAIN);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + UPPER + 3 * CHAIN);
                }
                scales >>>= 16;
                minima >>>= 16;
                quants += 32;
                t += 2 * NEXT;
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
        long end = start + (long) columns / BLOCK * BYTES;
        for (long block = start; block != end; block += BYTES) {
            float d = Float.float16ToFloat(bytes.get(HALF, block));
            float dmin = -Float.float16ToFloat(bytes.get(HALF, block + 2));
            int third = bytes.get(WORD, block + 12);
            long scales = SixBits.scales(bytes.get(WORD, block + 4), third);
            long minima = SixBits.minima(bytes.get(WORD, block + 8), third);
            long quants = block + 16;
            while (quants != block + BYTES) {
                FloatVector d0 = FloatVector.broadcast(F, d * (int) (scales & 63));
                FloatVector m0 = FloatVector.broadcast(F, dmin * (int) (minima & 63));
                FloatVector d1 = FloatVector.broadcast(F, d * (int) (scales >>> 8 & 63));
                FloatVector m1 = FloatVector.broadcast(F, dmin * (int) (minima >>> 8 & 63));
                ByteVector q;
                IntVector n;
                FloatVector w;
                FloatVector v;
                q = ByteVector.fromMemorySegment(B, bytes, quants, LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                v = FloatVector.fromArray(F, x, k);
                a0 = w.fma(v, a0);
                w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                v = FloatVector.fromArray(F, x, k + 32);
                a0 = w.fma(v, a0);
                q = ByteVector.fromMemorySegment(B, bytes, quants + 16, LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                v = FloatVector.fromArray(F, x, k + 16);
                b0 = w.fma(v, b0);
                w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                v = FloatVector.fromArray(F, x, k + 48);
                b0 = w.fma(v, b0);
                if (L < 16) {
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    v = FloatVector.fromArray(F, x, k + L);
                    a1 = w.fma(v, a1);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    v = FloatVector.fromArray(F, x, k + 32 + L);
                    a1 = w.fma(v, a1);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    v = FloatVector.fromArray(F, x, k + 16 + L);
                    b1 = w.fma(v, b1);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    v = FloatVector.fromArray(F, x, k + 48 + L);
                    b1 = w.fma(v, b1);
                }
                if (L < 8) {
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (2 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    v = FloatVector.fromArray(F, x, k + 2 * L);
                    a2 = w.fma(v, a2);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    v = FloatVector.fromArray(F, x, k + 32 + 2 * L);
                    a2 = w.fma(v, a2);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (2 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    v = FloatVector.fromArray(F, x, k + 16 + 2 * L);
                    b2 = w.fma(v, b2);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    v = FloatVector.fromArray(F, x, k + 48 + 2 * L);
                    b2 = w.fma(v, b2);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (3 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    v = FloatVector.fromArray(F, x, k + 3 * L);
                    a3 = w.fma(v, a3);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    v = FloatVector.fromArray(F, x, k + 32 + 3 * L);
                    a3 = w.fma(v, a3);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (3 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    w = ((FloatVector) n.and(15).convertShape(I2F, F, 0)).fma(d0, m0);
                    v = FloatVector.fromArray(F, x, k + 16 + 3 * L);
                    b3 = w.fma(v, b3);
                    w = ((FloatVector) n.lanewise(LSHR, 4).convertShape(I2F, F, 0)).fma(d1, m1);
                    v = FloatVector.fromArray(F, x, k + 48 + 3 * L);
                    b3 = w.fma(v, b3);
                }
                scales >>>= 16;
                minima >>>= 16;
                quants += 32;
                k += 2 * GROUP;
            }
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
