package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Q5_K: as {@linkplain Q4KRows Q4_K}, with a fifth bit for each weight: bit g of byte i of 32
 * belongs to weight i of group g. Unpacked to bytes first, as {@linkplain Q6KRows Q6_K}.
 */
final class Q5KRows implements RowFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final VectorSpecies<Byte> B = Lanes.bytes(F);

    /** For the unpacking of bits, four weights to a lane. */
    private static final VectorSpecies<Byte> WIDE = Lanes.wideBytes(F);

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
            unpack(bytes, block, spare);
            for (int g = 0; g < BLOCK / Panels.GROUP; g++) {
                FloatVector ds = FloatVector.broadcast(F, d * (int) (scales >>> 8 * g & 63));
                FloatVector ms = FloatVector.broadcast(F, dmin * (int) (minima >>> 8 * g & 63));
                ByteVector q;
                FloatVector w;
                q = ByteVector.fromArray(B, spare, 32 * g);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).fma(ds, ms);
                w.intoArray(panel, t);
                q = ByteVector.fromArray(B, spare, 32 * g + 16);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).fma(ds, ms);
                w.intoArray(panel, t + UPPER);
                if (L < 16) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).fma(ds, ms);
                    w.intoArray(panel, t + CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).fma(ds, ms);
                    w.intoArray(panel, t + UPPER + CHAIN);
                }
                if (L < 8) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).fma(ds, ms);
                    w.intoArray(panel, t + 2 * CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).fma(ds, ms);
                    w.intoArray(panel, t + UPPER + 2 * CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).fma(ds, ms);
                    w.intoArray(panel, t + 3 * CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).fma(ds, ms);
                    w.intoArray(panel, t + UPPER + 3 * CHAIN);
                }
                t += NEXT;
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
            unpack(bytes, block, spare);
            for (int g = 0; g < BLOCK / Panels.GROUP; g++) {
                FloatVector ds = FloatVector.broadcast(F, d * (int) (scales >>> 8 * g & 63));
                FloatVector ms = FloatVector.broadcast(F, dmin * (int) (minima >>> 8 * g & 63));
                ByteVector q;
                FloatVector w;
                q = ByteVector.fromArray(B, spare, 32 * g);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).fma(ds, ms);
                a0 = w.fma(FloatVector.fromArray(F, x, k), a0);
                q = ByteVector.fromArray(B, spare, 32 * g + 16);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).fma(ds, ms);
                b0 = w.fma(FloatVector.fromArray(F, x, k + 16), b0);
                if (L < 16) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).fma(ds, ms);
                    a1 = w.fma(FloatVector.fromArray(F, x, k + L), a1);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).fma(ds, ms);
                    b1 = w.fma(FloatVector.fromArray(F, x, k + 16 + L), b1);
                }
                if (L < 8) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).fma(ds, ms);
                    a2 = w.fma(FloatVector.fromArray(F, x, k + 2 * L), a2);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).fma(ds, ms);
                    b2 = w.fma(FloatVector.fromArray(F, x, k + 16 + 2 * L), b2);
                    q = ByteVector.fromArray(B, spare, 32 * g + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).fma(ds, ms);
                    a3 = w.fma(FloatVector.fromArray(F, x, k + 3 * L), a3);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).fma(ds, ms);
                    b3 = w.fma(FloatVector.fromArray(F, x, k + 16 + 3 * L), b3);
                }
                k += Panels.GROUP;
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

    /** Writes the 256 numbers q of a block as bytes. */
    private static void unpack(MemorySegment bytes, long block, byte[] spare) {
        for (int i = 0; i < 32; i += WIDE.length()) {
            IntVector h =
                    ByteVector.fromMemorySegment(WIDE, bytes, block + 16 + i, LITTLE)
                            .reinterpretAsInts();
            int to = i;
            for (long quants = block + 48; quants != block + BYTES; quants += 32) {
                IntVector n =
                        ByteVector.fromMemorySegment(WIDE, bytes, quants + i, LITTLE)
                                .reinterpretAsInts();
                IntVector low = n.and(0x0F0F0F0F).or(h.and(0x01010101).lanewise(LSHL, 4));
                IntVector high =
                        n.lanewise(LSHR, 4).and(0x0F0F0F0F).or(h.and(0x02020202).lanewise(LSHL, 3));
                low.reinterpretAsBytes().intoArray(spare, to);
                high.reinterpretAsBytes().intoArray(spare, to + 32);
                // What crosses from one byte to the next never comes down to the bits used.
                h = h.lanewise(LSHR, 2);
                to += 64;
            }
        }
    }
}
