package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LayerNorm} by vectors. The first mean is that of float32 sums; what it misses is the mean
 * of the distances to it, found together with their squares (the corrected two-pass algorithm:
 * Chan, Golub, LeVeque, The American Statistician 37, 1983). So a large mean costs no digits.
 */
final class LayerNormKernels implements LayerNorm {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final int GROUP = Panels.GROUP;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    @Override
    public void layerNorm(
            MemorySegment out,
            long outAt,
            MemorySegment in,
            long inAt,
            int columns,
            float[] gain,
            float[] bias,
            float epsilon,
            float[] sums) {
        distances(in, inAt, columns, 0, sums);
        float first = total(sums) / columns;
        distances(in, inAt, columns, first, sums);
        float missed = total(sums) / columns;
        squares(in, inAt, columns, first, sums);
        double variance = (double) total(sums) / columns - (double) missed * missed;
        float factor = (float) (1 / Math.sqrt(Math.max(variance, 0) + epsilon));
        int whole = F.loopBound(columns);
        for (int c = 0; c < whole; c += L) {
            FloatVector.fromMemorySegment(F, in, inAt + 4L * c, NATIVE)
                    .sub(first)
                    .sub(missed)
                    .mul(factor)
                    .fma(FloatVector.fromArray(F, gain, c), FloatVector.fromArray(F, bias, c))
                    .intoMemorySegment(out, outAt + 4L * c, NATIVE);
        }
        for (int c = whole; c < columns; c++) {
            float x = (in.get(FLOAT, inAt + 4L * c) - first - missed) * factor;
            out.set(FLOAT, outAt + 4L * c, Math.fma(x, gain[c], bias[c]));
        }
    }

    /** Adds the partial sums up, always in the same tree. */
    private static float total(float[] sums) {
        for (int half = GROUP / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[i] += sums[i + half];
            }
        }
        return sums[0];
    }

    /** Partial sums of {@code x - origin}, GROUP of them. */
    private static void distances(
            MemorySegment in, long inAt, int columns, float origin, float[] sums) {
        for (int i = 0; i < GROUP; i += L) {
            FloatVector sum = FloatVector.zero(F);
            int c = i;
            while (c + L <= columns) {
                FloatVector x = FloatVector.fromMemorySegment(F, in, inAt + 4L * c, NATIVE);
                sum = sum.add(x.sub(origin));
                c += GROUP;
            }
            sum.intoArray(sums, i);
            for (int l = 0; c + l < columns && l < L; l++) {
                sums[i + l] += in.get(FLOAT, inAt + 4L * (c + l)) - origin;
            }
        }
    }

    /** Partial sums of {@code (x - origin)²}, GROUP of them. */
    private static void squares(
            MemorySegment in, long inAt, int columns, float origin, float[] sums) {
        for (int i = 0; i < GROUP; i += L) {
            FloatVector sum = FloatVector.zero(F);
            int c = i;
            while (c + L <= columns) {
                FloatVector x =
                        FloatVector.fromMemorySegment(F, in, inAt + 4L * c, NATIVE).sub(origin);
                sum = x.fma(x, sum);
                c += GROUP;
            }
            sum.intoArray(sums, i);
            for (int l = 0; c + l < columns && l < L; l++) {
                float x = in.get(FLOAT, inAt + 4L * (c + l)) - origin;
                sums[i + l] = Math.fma(x, x, sums[i + l]);
            }
        }
    }
}
