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
 * Q6_K: 256 weights in sixteen groups of 16 with signed byte scales; {@code d · scale · (q − 32)},
 * rounded once since {@code d · scale} is exact. Each half of a block is four runs of 32 weights:
 * the first two take the low nibbles of 64 bytes, the others the high ones; bits 2r, 2r + 1 of 32
 * more bytes belong to run r.
 */
final class Q6KRows implements RowFormat {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final VectorSpecies<Integer> I = Lanes.ints(F);
    private static final VectorSpecies<Byte> B = Lanes.bytes(F);
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
    public void decode(MemorySegment bytes, long start, int count, float[] panel, int at) {
        int t = at;
        long end = start + (long) count / BLOCK * BYTES;
        for (long block = start; block != end; block += BYTES) {
            float d = Float.float16ToFloat(bytes.get(HALF, block + SCALE));
            long low = block;
            long high = block + HIGH;
            long scales = block + SCALES;
            boolean odd = false;
            // Sixteen columns of each of the four runs at a time.
            while (scales != block + SCALE) {
                float s0 = d * bytes.get(ValueLayout.JAVA_BYTE, scales);
                float s1 = d * bytes.get(ValueLayout.JAVA_BYTE, scales + 2);
                float s2 = d * bytes.get(ValueLayout.JAVA_BYTE, scales + 4);
                float s3 = d * bytes.get(ValueLayout.JAVA_BYTE, scales + 6);
                ByteVector q;
                IntVector m;
                IntVector n;
                IntVector upper;
                IntVector r;
                FloatVector w;
                q = ByteVector.fromMemorySegment(B, bytes, low, LITTLE);
                m = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                q = ByteVector.fromMemorySegment(B, bytes, low + 32, LITTLE);
                n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                q = ByteVector.fromMemorySegment(B, bytes, high, LITTLE);
                upper = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 0);
                r = m.and(15).or(upper.and(3).lanewise(LSHL, 4)).sub(32);
                w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s0);
                w.intoArray(panel, t);
                r = n.and(15).or(upper.and(12).lanewise(LSHL, 2)).sub(32);
                w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s1);
                w.intoArray(panel, t + NEXT);
                r = m.lanewise(LSHR, 4).or(upper.and(48)).sub(32);
                w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s2);
                w.intoArray(panel, t + 2 * NEXT);
                r = n.lanewise(LSHR, 4).or(upper.lanewise(LSHR, 6).lanewise(LSHL, 4)).sub(32);
                w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s3);
                w.intoArray(panel, t + 3 * NEXT);
                if (L < 16) {
                    q = ByteVector.fromMemorySegment(B, bytes, low + (L & -8), LITTLE);
                    m = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, low + 32 + (L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, high + (L & -8), LITTLE);
                    upper = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, L % 8 / L);
                    r = m.and(15).or(upper.and(3).lanewise(LSHL, 4)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s0);
                    w.intoArray(panel, t + CHAIN);
                    r = n.and(15).or(upper.and(12).lanewise(LSHL, 2)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s1);
                    w.intoArray(panel, t + NEXT + CHAIN);
                    r = m.lanewise(LSHR, 4).or(upper.and(48)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s2);
                    w.intoArray(panel, t + 2 * NEXT + CHAIN);
                    r = n.lanewise(LSHR, 4).or(upper.lanewise(LSHR, 6).lanewise(LSHL, 4)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s3);
                    w.intoArray(panel, t + 3 * NEXT + CHAIN);
                }
                if (L < 8) {
                    q = ByteVector.fromMemorySegment(B, bytes, low + (2 * L & -8), LITTLE);
                    m = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, low + 32 + (2 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, high + (2 * L & -8), LITTLE);
                    upper = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 2 * L % 8 / L);
                    r = m.and(15).or(upper.and(3).lanewise(LSHL, 4)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s0);
                    w.intoArray(panel, t + 2 * CHAIN);
                    r = n.and(15).or(upper.and(12).lanewise(LSHL, 2)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s1);
                    w.intoArray(panel, t + NEXT + 2 * CHAIN);
                    r = m.lanewise(LSHR, 4).or(upper.and(48)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s2);
                    w.intoArray(panel, t + 2 * NEXT + 2 * CHAIN);
                    r = n.lanewise(LSHR, 4).or(upper.lanewise(LSHR, 6).lanewise(LSHL, 4)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s3);
                    w.intoArray(panel, t + 3 * NEXT + 2 * CHAIN);
                    q = ByteVector.fromMemorySegment(B, bytes, low + (3 * L & -8), LITTLE);
                    m = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, low + 32 + (3 * L & -8), LITTLE);
                    n = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    q = ByteVector.fromMemorySegment(B, bytes, high + (3 * L & -8), LITTLE);
                    upper = (IntVector) q.convertShape(ZERO_EXTEND_B2I, I, 3 * L % 8 / L);
                    r = m.and(15).or(upper.and(3).lanewise(LSHL, 4)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s0);
                    w.intoArray(panel, t + 3 * CHAIN);
                    r = n.and(15).or(upper.and(12).lanewise(LSHL, 2)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s1);
                    w.intoArray(panel, t + NEXT + 3 * CHAIN);
                    r = m.lanewise(LSHR, 4).or(upper.and(48)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s2);
                    w.intoArray(panel, t + 2 * NEXT + 3 * CHAIN);
                    r = n.lanewise(LSHR, 4).or(upper.lanewise(LSHR, 6).lanewise(LSHL, 4)).sub(32);
                    w = ((FloatVector) r.convertShape(I2F, F, 0)).mul(s3);
                    w.intoArray(panel, t + 3 * NEXT + 3 * CHAIN);
                }
                if (odd) {
                    scales += 7;
                    low += 48;
                    high += 16;
                    t += 4 * NEXT - UPPER;
                } else {
                    scales++;
                    low += 16;
                    high += 16;
                    t += UPPER;
                }
                odd = !odd;
            }
        }
    }
}
