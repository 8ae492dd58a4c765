package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
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
 * Q5_K: as {@linkplain Q4KRows Q4_K}, with a fifth bit for each weight: bit g of byte i belongs to
 * weight i of group g.
 */
final class Q5KRows implements RowFormat {
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
    private static final int BYTES = 176;

    @Override
    public void decode(MemorySegment bytes, long start, int count, float[] panel, int at) {
        int t = at;
        long end = start + (long) count / BLOCK * BYTES;
        for (long block = start; block != end; block += BYTES) {
            float d = Float.float16ToFloat(bytes.get(HALF, block));
            float dmin = -Float.float16ToFloat(bytes.get(HALF, block + 2));
            int third = bytes.get(WORD, block + 12);
            long scales = SixBits.scales(bytes.get(WORD, block + 4), third);
            long minima = SixBits.minima(bytes.get(WORD, block + 8), third);
            long quants = block + 48;
            int group = 0;
            while (quants != block + BYTES) {
                FloatVector d0 = FloatVector.broadcast(F, d * (int) (scales & 63));
                FloatVector m0 = FloatVector.broadcast(F, dmin * (int) (minima & 63));
                FloatVector d1 = FloatVector.broadcast(F, d * (int) (scales >>> 8 & 63));
                FloatVector m1 = FloatVector.broadcast(F, dmin * (int) (minima >>> 8 & 63));
                ByteVector q;
                IntVector n;
                IntVector fifth;
                FloatVector w;
                q = ByteVector.fromMemorySegment(B, bytes, quants, LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                q = ByteVector.fromMemorySegment(B, bytes, block + 16, LITTLE);
                fifth = ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0)).lanewise(LSHR, group);
                w =
                        (FloatVector)
                                n.and(15)
                                        .or(fifth.and(1).lanewise(LSHL, 4))
                                        .convertShape(I2F, F, 0);
                w = w.fma(d0, m0);
                w.intoArray(panel, t);
                n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                w.intoArray(panel, t + NEXT);
                q = ByteVector.fromMemorySegment(B, bytes, quants + 16, LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                q = ByteVector.fromMemorySegment(B, bytes, block + 32, LITTLE);
                fifth = ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0)).lanewise(LSHR, group);
                w =
                        (FloatVector)
                                n.and(15)
                                        .or(fifth.and(1).lanewise(LSHL, 4))
                                        .convertShape(I2F, F, 0);
                w = w.fma(d0, m0);
                w.intoArray(panel, t + UPPER);
                n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                w.intoArray(panel, t + NEXT + UPPER);
                if (L < 16) {
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, block + 16 + (L & -8), LITTLE);
                    fifth =
                            ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L))
                                    .lanewise(LSHR, group);
                    w =
                            (FloatVector)
                                    n.and(15)
                                            .or(fifth.and(1).lanewise(LSHL, 4))
                                            .convertShape(I2F, F, 0);
                    w = w.fma(d0, m0);
                    w.intoArray(panel, t + CHAIN);
                    n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                    w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, block + 32 + (L & -8), LITTLE);
                    fifth =
                            ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L))
                                    .lanewise(LSHR, group);
                    w =
                            (FloatVector)
                                    n.and(15)
                                            .or(fifth.and(1).lanewise(LSHL, 4))
                                            .convertShape(I2F, F, 0);
                    w = w.fma(d0, m0);
                    w.intoArray(panel, t + UPPER + CHAIN);
                    n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                    w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + UPPER + CHAIN);
                }
                if (L < 8) {
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (2 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, block + 16 + (2 * L & -8), LITTLE);
                    fifth =
                            ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L))
                                    .lanewise(LSHR, group);
                    w =
                            (FloatVector)
                                    n.and(15)
                                            .or(fifth.and(1).lanewise(LSHL, 4))
                                            .convertShape(I2F, F, 0);
                    w = w.fma(d0, m0);
                    w.intoArray(panel, t + 2 * CHAIN);
                    n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                    w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + 2 * CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (2 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, block + 32 + (2 * L & -8), LITTLE);
                    fifth =
                            ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L))
                                    .lanewise(LSHR, group);
                    w =
                            (FloatVector)
                                    n.and(15)
                                            .or(fifth.and(1).lanewise(LSHL, 4))
                                            .convertShape(I2F, F, 0);
                    w = w.fma(d0, m0);
                    w.intoArray(panel, t + UPPER + 2 * CHAIN);
                    n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                    w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + UPPER + 2 * CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + (3 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, block + 16 + (3 * L & -8), LITTLE);
                    fifth =
                            ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L))
                                    .lanewise(LSHR, group);
                    w =
                            (FloatVector)
                                    n.and(15)
                                            .or(fifth.and(1).lanewise(LSHL, 4))
                                            .convertShape(I2F, F, 0);
                    w = w.fma(d0, m0);
                    w.intoArray(panel, t + 3 * CHAIN);
                    n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                    w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + 3 * CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, quants + 16 + (3 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, block + 32 + (3 * L & -8), LITTLE);
                    fifth =
                            ((IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L))
                                    .lanewise(LSHR, group);
                    w =
                            (FloatVector)
                                    n.and(15)
                                            .or(fifth.and(1).lanewise(LSHL, 4))
                                            .convertShape(I2F, F, 0);
                    w = w.fma(d0, m0);
                    w.intoArray(panel, t + UPPER + 3 * CHAIN);
                    n = n.lanewise(LSHR, 4).or(fifth.and(2).lanewise(LSHL, 3));
                    w = ((FloatVector) n.convertShape(I2F, F, 0)).fma(d1, m1);
                    w.intoArray(panel, t + NEXT + UPPER + 3 * CHAIN);
                }
                scales >>>= 16;
                minima >>>= 16;
                quants += 32;
                group += 2;
                t += 2 * NEXT;
            }
        }
    }
}
