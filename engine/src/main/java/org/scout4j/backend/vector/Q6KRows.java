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
 * Q6_K: 256 weights in sixteen groups of 16 with signed byte scales; {@code d · scale · (q − 32)},
 * rounded once since {@code d · scale} is exact.
 *
 * <p>The bits are first put together to bytes, which takes few instructions with four weights to a
 * lane, and from there widened to floats.
 */
final class Q6KRows implements RowFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final VectorSpecies<Byte> B = Lanes.bytes(F);

    /** For the unpacking of bits, four weights to a lane. */
    private static final VectorSpecies<Byte> WIDE = Lanes.wideBytes(F);

    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);
    private static final int CHAIN = Panels.CHAIN * L;
    private static final int UPPER = Panels.CHAIN * 16;
    private static final int NEXT = Panels.ROWS * L;
    private static final int BLOCK = 256;
    private static final int BYTES = 210;
    private static final int HIGH = 128;
    private static final int SCALES = 192;
    private static final int SCALE = 208;

    @Override
    public void decode(
            MemorySegment bytes, long start, int count, float[] panel, int at, byte[] spare) {
        int t = at;
        long end = start + (long) count / BLOCK * BYTES;
        for (long block = start; block != end; block += BYTES) {
            float d = Float.float16ToFloat(bytes.get(HALF, block + SCALE));
            unpack(bytes, block, spare);
            for (int g = 0; g < BLOCK / Panels.GROUP; g++) {
                float s0 = d * spare[BLOCK + 2 * g];
                float s1 = d * spare[BLOCK + 2 * g + 1];
                ByteVector q;
                FloatVector w;
                q = ByteVector.fromArray(B, spare, 32 * g);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(s0);
                w.intoArray(panel, t);
                q = ByteVector.fromArray(B, spare, 32 * g + 16);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(s1);
                w.intoArray(panel, t + UPPER);
                if (L < 16) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(s0);
                    w.intoArray(panel, t + CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(s1);
                    w.intoArray(panel, t + UPPER + CHAIN);
                }
                if (L < 8) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(s0);
                    w.intoArray(panel, t + 2 * CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(s1);
                    w.intoArray(panel, t + UPPER + 2 * CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(s0);
                    w.intoArray(panel, t + 3 * CHAIN);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(s1);
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
            float d = Float.float16ToFloat(bytes.get(HALF, block + SCALE));
            unpack(bytes, block, spare);
            for (int g = 0; g < BLOCK / Panels.GROUP; g++) {
                float s0 = d * spare[BLOCK + 2 * g];
                float s1 = d * spare[BLOCK + 2 * g + 1];
                ByteVector q;
                FloatVector w;
                q = ByteVector.fromArray(B, spare, 32 * g);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(s0);
                a0 = w.fma(FloatVector.fromArray(F, x, k), a0);
                q = ByteVector.fromArray(B, spare, 32 * g + 16);
                w = ((FloatVector) q.convertShape(B2F, F, 0)).mul(s1);
                b0 = w.fma(FloatVector.fromArray(F, x, k + 16), b0);
                if (L < 16) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(s0);
                    a1 = w.fma(FloatVector.fromArray(F, x, k + L), a1);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, L % 8 / L)).mul(s1);
                    b1 = w.fma(FloatVector.fromArray(F, x, k + 16 + L), b1);
                }
                if (L < 8) {
                    q = ByteVector.fromArray(B, spare, 32 * g + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(s0);
                    a2 = w.fma(FloatVector.fromArray(F, x, k + 2 * L), a2);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (2 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 2 * L % 8 / L)).mul(s1);
                    b2 = w.fma(FloatVector.fromArray(F, x, k + 16 + 2 * L), b2);
                    q = ByteVector.fromArray(B, spare, 32 * g + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(s0);
                    a3 = w.fma(FloatVector.fromArray(F, x, k + 3 * L), a3);
                    q = ByteVector.fromArray(B, spare, 32 * g + 16 + (3 * L & -8));
                    w = ((FloatVector) q.convertShape(B2F, F, 3 * L % 8 / L)).mul(s1);
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

    /**
     * Writes the 256 numbers q − 32 of a block as bytes, then its 16 scales. Each half of the block
     * is four runs of 32 weights: the first two take the low nibbles of 64 bytes, the others the
     * high ones; bits 2r and 2r + 1 of 32 more bytes belong to run r.
     */
    private static void unpack(MemorySegment bytes, long block, byte[] spare) {
        ByteVector.fromMemorySegment(ByteVector.SPECIES_128, bytes, block + SCALES, LITTLE)
                .intoArray(spare, BLOCK);
        int to = 0;
        long high = block + HIGH;
        for (long low = block; low != block + HIGH; low += 64) {
            for (int i = 0; i < 32; i += WIDE.length()) {
                IntVector m =
                        ByteVector.fromMemorySegment(WIDE, bytes, low + i, LITTLE)
                                .reinterpretAsInts();
                IntVector n =
                        ByteVector.fromMemorySegment(WIDE, bytes, low + 32 + i, LITTLE)
                                .reinterpretAsInts();
                IntVector h =
                        ByteVector.fromMemorySegment(WIDE, bytes, high + i, LITTLE)
                                .reinterpretAsInts();
                IntVector r0 = m.and(0x0F0F0F0F).or(h.lanewise(LSHL, 4).and(0x30303030));
                IntVector r1 = n.and(0x0F0F0F0F).or(h.lanewise(LSHL, 2).and(0x30303030));
                m = m.lanewise(LSHR, 4).and(0x0F0F0F0F);
                n = n.lanewise(LSHR, 4).and(0x0F0F0F0F);
                IntVector r2 = m.or(h.and(0x30303030));
                IntVector r3 = n.or(h.lanewise(LSHR, 2).and(0x30303030));
                r0.reinterpretAsBytes().sub((byte) 32).intoArray(spare, to + i);
                r1.reinterpretAsBytes().sub((byte) 32).intoArray(spare, to + 32 + i);
                r2.reinterpretAsBytes().sub((byte) 32).intoArray(spare, to + 64 + i);
                r3.reinterpretAsBytes().sub((byte) 32).intoArray(spare, to + 96 + i);
            }
            high += 32;
            to += 128;
        }
    }
}
