package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.scout4j.backend.HostKvPages;

/**
 * {@link AttentionBlocks} by vectors: four heads times two vectors in registers. A missing head is
 * stood in for by the last one, computed again with the same result: it would wait as long for its
 * own chain of additions.
 */
final class AttentionKernels implements AttentionBlocks {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final int TILE = HostKvPages.KEY_TILE;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    @Override
    public void score(
            float[] queries,
            int q,
            int count,
            int headSize,
            MemorySegment keys,
            long at,
            float factor,
            float[] scores,
            int s,
            int step) {
        int q1 = q + Math.min(1, count - 1) * headSize;
        int q2 = q + Math.min(2, count - 1) * headSize;
        int q3 = q + (count - 1) * headSize;
        int s1 = s + Math.min(1, count - 1) * step;
        int s2 = s + Math.min(2, count - 1) * step;
        int s3 = s + (count - 1) * step;
        for (int v = 0; v < TILE; v += 2 * L) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = FloatVector.zero(F);
            FloatVector a2 = FloatVector.zero(F);
            FloatVector a3 = FloatVector.zero(F);
            FloatVector b0 = FloatVector.zero(F);
            FloatVector b1 = FloatVector.zero(F);
            FloatVector b2 = FloatVector.zero(F);
            FloatVector b3 = FloatVector.zero(F);
            long start = at + 4L * v;
            long end = start + 4L * TILE * headSize;
            int d = 0;
            for (long p = start; p != end; p += 4L * TILE) {
                FloatVector ka = FloatVector.fromMemorySegment(F, keys, p, NATIVE);
                FloatVector kb = FloatVector.fromMemorySegment(F, keys, p + 4L * L, NATIVE);
                FloatVector x = FloatVector.broadcast(F, queries[q + d]);
                a0 = x.fma(ka, a0);
                b0 = x.fma(kb, b0);
                x = FloatVector.broadcast(F, queries[q1 + d]);
                a1 = x.fma(ka, a1);
                b1 = x.fma(kb, b1);
                x = FloatVector.broadcast(F, queries[q2 + d]);
                a2 = x.fma(ka, a2);
                b2 = x.fma(kb, b2);
                x = FloatVector.broadcast(F, queries[q3 + d]);
                a3 = x.fma(ka, a3);
                b3 = x.fma(kb, b3);
                d++;
            }
            a0.mul(factor).intoArray(scores, s + v);
            b0.mul(factor).intoArray(scores, s + v + L);
            a1.mul(factor).intoArray(scores, s1 + v);
            b1.mul(factor).intoArray(scores, s1 + v + L);
            a2.mul(factor).intoArray(scores, s2 + v);
            b2.mul(factor).intoArray(scores, s2 + v + L);
            a3.mul(factor).intoArray(scores, s3 + v);
            b3.mul(factor).intoArray(scores, s3 + v + L);
        }
    }

    @Override
    public void mix(
            float[] weights,
            int w,
            int step,
            int count,
            int positions,
            MemorySegment values,
            long at,
            int headSize,
            float[] out,
            int o) {
        int w1 = w + Math.min(1, count - 1) * step;
        int w2 = w + Math.min(2, count - 1) * step;
        int w3 = w + (count - 1) * step;
        int o1 = o + Math.min(1, count - 1) * headSize;
        int o2 = o + Math.min(2, count - 1) * headSize;
        int o3 = o + (count - 1) * headSize;
        long row = 4L * headSize;
        int d = 0;
        while (d + L <= headSize) {
            // The last two vectors may overlap: what they share they compute alike.
            int e = Math.min(d + L, headSize - L);
            FloatVector a0 = FloatVector.fromArray(F, out, o + d);
            FloatVector a1 = FloatVector.fromArray(F, out, o1 + d);
            FloatVector a2 = FloatVector.fromArray(F, out, o2 + d);
            FloatVector a3 = FloatVector.fromArray(F, out, o3 + d);
            FloatVector b0 = FloatVector.fromArray(F, out, o + e);
            FloatVector b1 = FloatVector.fromArray(F, out, o1 + e);
            FloatVector b2 = FloatVector.fromArray(F, out, o2 + e);
            FloatVector b3 = FloatVector.fromArray(F, out, o3 + e);
            long start = at + 4L * d;
            long apart = 4L * (e - d);
            long end = start + row * positions;
            int i = 0;
            for (long p = start; p != end; p += row) {
                FloatVector va = FloatVector.fromMemorySegment(F, values, p, NATIVE);
                FloatVector vb = FloatVector.fromMemorySegment(F, values, p + apart, NATIVE);
                FloatVector x = FloatVector.broadcast(F, weights[w + i]);
                a0 = x.fma(va, a0);
                b0 = x.fma(vb, b0);
                x = FloatVector.broadcast(F, weights[w1 + i]);
                a1 = x.fma(va, a1);
                b1 = x.fma(vb, b1);
                x = FloatVector.broadcast(F, weights[w2 + i]);
                a2 = x.fma(va, a2);
                b2 = x.fma(vb, b2);
                x = FloatVector.broadcast(F, weights[w3 + i]);
                a3 = x.fma(va, a3);
                b3 = x.fma(vb, b3);
                i++;
            }
            a0.intoArray(out, o + d);
            a1.intoArray(out, o1 + d);
            a2.intoArray(out, o2 + d);
            a3.intoArray(out, o3 + d);
            b0.intoArray(out, o + e);
            b1.intoArray(out, o1 + e);
            b2.intoArray(out, o2 + e);
            b3.intoArray(out, o3 + e);
            d = e + L;
        }
        // Less than a vector is left only of heads that no model has.
        for (int i = 0; i < count; i++) {
            mixRest(
                    weights,
                    w + i * step,
                    positions,
                    values,
                    at,
                    headSize,
                    d,
                    out,
                    o + i * headSize);
        }
    }

    /** The dimensions of one head from {@code from} on, one by one. */
    private static void mixRest(
            float[] weights,
            int w,
            int positions,
            MemorySegment values,
            long at,
            int headSize,
            int from,
            float[] out,
            int o) {
        for (int d = from; d < headSize; d++) {
            float sum = out[o + d];
            for (int i = 0; i < positions; i++) {
                float value = values.get(FLOAT, at + 4L * ((long) i * headSize + d));
                sum = Math.fma(weights[w + i], value, sum);
            }
            out[o + d] = sum;
        }
    }
}
