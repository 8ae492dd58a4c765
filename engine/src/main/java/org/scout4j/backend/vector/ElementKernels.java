package org.scout4j.backend.vector;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** {@link Elements} by vectors. What lies beyond the last whole vector goes through a copy. */
final class ElementKernels implements Elements {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final int GROUP = Panels.GROUP;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private static final float LOG2_E = 1.442695041f;

    /** ln 2 in two parts; the first has few bits, so that its multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding it leaves the nearest integer in the low bits. */
    private static final float ROUND = 0x1.8p23f;

    /** Above it 2ⁿ would overflow, below it the result is subnormal. */
    private static final float EXP_HIGHEST = 88.37f;

    private static final float EXP_LOWEST = -87.33f;

    private static final float ROOT_HALF = 0.70710678f;

    /** Beyond it, the GELU's tail is below every normal float. */
    private static final float GELU_FAR = 16;

    /**
     * eˣ with an error of at most 2 ulp; 0 instead of subnormal results, ∞ above 88.37. The Vector
     * API's own exponential gives other bits interpreted than compiled; this one is made of
     * operations that are defined to the bit. Coefficients: Cephes {@code expf}.
     */
    private static FloatVector exp(FloatVector x) {
        FloatVector shifted =
                x.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(F, 1.9875691500e-4f);
        p = p.fma(r, FloatVector.broadcast(F, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(F, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(F, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(F, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(F, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1);
        FloatVector power =
                shifted.reinterpretAsInts().add(127).lanewise(LSHL, 23).reinterpretAsFloats();
        return p.mul(power)
                .blend(0, x.compare(LT, EXP_LOWEST))
                .blend(Float.POSITIVE_INFINITY, x.compare(GT, EXP_HIGHEST));
    }

    /** {@code gate / (1 + exp(−gate)) * up}. */
    private static FloatVector gated(FloatVector gate, FloatVector up) {
        return gate.div(exp(gate.neg()).add(1)).mul(up);
    }

    /**
     * Half the error function near zero, half the complementary one or what it leaves of 1 further
     * out. Coefficients: Cephes {@code erff} and {@code erfcf}.
     */
    private static FloatVector gelu(FloatVector x) {
        FloatVector size = x.abs().min(GELU_FAR);
        FloatVector z = size.mul(ROOT_HALF);
        VectorMask<Float> negative = x.compare(LT, 0);
        FloatVector half = erf(z).mul(0.5f);
        FloatVector near = half.blend(half.neg(), negative).add(0.5f);
        VectorMask<Float> far = z.compare(GE, 1);
        if (!far.anyTrue()) {
            return x.mul(near);
        }
        FloatVector tail = erfc(size, z).mul(0.5f);
        FloatVector rest = FloatVector.broadcast(F, 1).sub(tail);
        return x.mul(near.blend(rest.blend(tail, negative), far));
    }

    /** erf(z) of z below 1. */
    private static FloatVector erf(FloatVector z) {
        FloatVector square = z.mul(z);
        FloatVector p = FloatVector.broadcast(F, 7.853861353e-5f);
        p = p.fma(square, FloatVector.broadcast(F, -8.010193625e-4f));
        p = p.fma(square, FloatVector.broadcast(F, 5.188327686e-3f));
        p = p.fma(square, FloatVector.broadcast(F, -2.685381194e-2f));
        p = p.fma(square, FloatVector.broadcast(F, 1.128358514e-1f));
        p = p.fma(square, FloatVector.broadcast(F, -3.761262582e-1f));
        p = p.fma(square, FloatVector.broadcast(F, 1.128379165f));
        return p.mul(z);
    }

    /** erfc(z) of z from 1 on, {@code x = z √2}. */
    private static FloatVector erfc(FloatVector x, FloatVector z) {
        FloatVector inverse = FloatVector.broadcast(F, 1).div(z);
        FloatVector square = inverse.mul(inverse);
        FloatVector p = FloatVector.broadcast(F, 2.326819970e-2f);
        p = p.fma(square, FloatVector.broadcast(F, -1.387039389e-1f));
        p = p.fma(square, FloatVector.broadcast(F, 3.687424675e-1f));
        p = p.fma(square, FloatVector.broadcast(F, -5.824733027e-1f));
        p = p.fma(square, FloatVector.broadcast(F, 6.210004622e-1f));
        p = p.fma(square, FloatVector.broadcast(F, -4.944515323e-1f));
        p = p.fma(square, FloatVector.broadcast(F, 3.404879938e-1f));
        p = p.fma(square, FloatVector.broadcast(F, -2.741127028e-1f));
        p = p.fma(square, FloatVector.broadcast(F, 5.638259427e-1f));
        FloatVector q = FloatVector.broadcast(F, -1.047766400e1f);
        q = q.fma(square, FloatVector.broadcast(F, 1.297719955e1f));
        q = q.fma(square, FloatVector.broadcast(F, -7.495518718f));
        q = q.fma(square, FloatVector.broadcast(F, 2.921019019f));
        q = q.fma(square, FloatVector.broadcast(F, -1.015265279f));
        q = q.fma(square, FloatVector.broadcast(F, 4.218463358e-1f));
        q = q.fma(square, FloatVector.broadcast(F, -2.820767440e-1f));
        q = q.fma(square, FloatVector.broadcast(F, 5.641895068e-1f));
        FloatVector ratio = p.blend(q, z.compare(GE, 2));
        // exp(-x²/2); what squaring rounds off would show in the tail, so it is put back.
        FloatVector power = x.mul(x);
        FloatVector lost = x.fma(x, power.neg());
        FloatVector bell = exp(power.mul(-0.5f));
        bell = bell.sub(bell.mul(lost).mul(0.5f));
        return bell.mul(inverse).mul(ratio);
    }

    @Override
    public void rmsNorm(
            MemorySegment out,
            long outAt,
            MemorySegment in,
            long inAt,
            int columns,
            float @Nullable [] gain,
            float epsilon,
            float[] sums) {
        squares(in, inAt, columns, sums);
        for (int half = GROUP / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[i] += sums[i + half];
            }
        }
        float factor = (float) (1 / Math.sqrt((double) sums[0] / columns + epsilon));
        int whole = F.loopBound(columns);
        for (int c = 0; c < whole; c += L) {
            FloatVector x = FloatVector.fromMemorySegment(F, in, inAt + 4L * c, NATIVE).mul(factor);
            if (gain != null) {
                x = x.mul(FloatVector.fromArray(F, gain, c));
            }
            x.intoMemorySegment(out, outAt + 4L * c, NATIVE);
        }
        for (int c = whole; c < columns; c++) {
            float x = in.get(FLOAT, inAt + 4L * c) * factor;
            out.set(FLOAT, outAt + 4L * c, gain == null ? x : x * gain[c]);
        }
    }

    /** Partial sums of squares, GROUP of them. */
    private static void squares(MemorySegment in, long inAt, int columns, float[] sums) {
        for (int i = 0; i < GROUP; i += L) {
            FloatVector sum = FloatVector.zero(F);
            int c = i;
            while (c + L <= columns) {
                FloatVector x = FloatVector.fromMemorySegment(F, in, inAt + 4L * c, NATIVE);
                sum = x.fma(x, sum);
                c += GROUP;
            }
            sum.intoArray(sums, i);
            for (int l = 0; c + l < columns && l < L; l++) {
                float x = in.get(FLOAT, inAt + 4L * (c + l));
                sums[i + l] = Math.fma(x, x, sums[i + l]);
            }
        }
    }

    @Override
    public void gate(MemorySegment gate, long gateAt, MemorySegment up, long upAt, int count) {
        int whole = F.loopBound(count);
        for (int c = 0; c < whole; c += L) {
            FloatVector g = FloatVector.fromMemorySegment(F, gate, gateAt + 4L * c, NATIVE);
            FloatVector u = FloatVector.fromMemorySegment(F, up, upAt + 4L * c, NATIVE);
            gated(g, u).intoMemorySegment(gate, gateAt + 4L * c, NATIVE);
        }
        if (whole < count) {
            float[] g = new float[L];
            float[] u = new float[L];
            int rest = count - whole;
            MemorySegment.copy(gate, FLOAT, gateAt + 4L * whole, g, 0, rest);
            MemorySegment.copy(up, FLOAT, upAt + 4L * whole, u, 0, rest);
            gated(FloatVector.fromArray(F, g, 0), FloatVector.fromArray(F, u, 0)).intoArray(g, 0);
            MemorySegment.copy(g, 0, gate, FLOAT, gateAt + 4L * whole, rest);
        }
    }

    @Override
    public void gate(float[] gate, float[] up, int count) {
        int whole = F.loopBound(count);
        for (int c = 0; c < whole; c += L) {
            FloatVector g = FloatVector.fromArray(F, gate, c);
            gated(g, FloatVector.fromArray(F, up, c)).intoArray(gate, c);
        }
        if (whole < count) {
            float[] g = new float[L];
            float[] u = new float[L];
            int rest = count - whole;
            System.arraycopy(gate, whole, g, 0, rest);
            System.arraycopy(up, whole, u, 0, rest);
            gated(FloatVector.fromArray(F, g, 0), FloatVector.fromArray(F, u, 0)).intoArray(g, 0);
            System.arraycopy(g, 0, gate, whole, rest);
        }
    }

    @Override
    public void gelu(MemorySegment target, long targetAt, int count) {
        int whole = F.loopBound(count);
        for (int c = 0; c < whole; c += L) {
            gelu(FloatVector.fromMemorySegment(F, target, targetAt + 4L * c, NATIVE))
                    .intoMemorySegment(target, targetAt + 4L * c, NATIVE);
        }
        if (whole < count) {
            float[] x = new float[L];
            MemorySegment.copy(target, FLOAT, targetAt + 4L * whole, x, 0, count - whole);
            gelu(FloatVector.fromArray(F, x, 0)).intoArray(x, 0);
            MemorySegment.copy(x, 0, target, FLOAT, targetAt + 4L * whole, count - whole);
        }
    }

    @Override
    public void add(
            MemorySegment target, long targetAt, MemorySegment addend, long addendAt, int count) {
        int whole = F.loopBound(count);
        for (int c = 0; c < whole; c += L) {
            FloatVector.fromMemorySegment(F, target, targetAt + 4L * c, NATIVE)
                    .add(FloatVector.fromMemorySegment(F, addend, addendAt + 4L * c, NATIVE))
                    .intoMemorySegment(target, targetAt + 4L * c, NATIVE);
        }
        for (int c = whole; c < count; c++) {
            float sum = target.get(FLOAT, targetAt + 4L * c) + addend.get(FLOAT, addendAt + 4L * c);
            target.set(FLOAT, targetAt + 4L * c, sum);
        }
    }

    @Override
    public void scale(MemorySegment target, long targetAt, int count, float factor) {
        int whole = F.loopBound(count);
        for (int c = 0; c < whole; c += L) {
            FloatVector.fromMemorySegment(F, target, targetAt + 4L * c, NATIVE)
                    .mul(factor)
                    .intoMemorySegment(target, targetAt + 4L * c, NATIVE);
        }
        for (int c = whole; c < count; c++) {
            target.set(FLOAT, targetAt + 4L * c, target.get(FLOAT, targetAt + 4L * c) * factor);
        }
    }

    @Override
    public void scale(float[] target, int at, int count, float factor) {
        int end = at + F.loopBound(count);
        for (int i = at; i < end; i += L) {
            FloatVector.fromArray(F, target, i).mul(factor).intoArray(target, i);
        }
        for (int i = end; i < at + count; i++) {
            target[i] *= factor;
        }
    }

    @Override
    public float weigh(
            float[] scores, int at, int count, float[] peaks, int query, float[] sums, int sumsAt) {
        FloatVector largest = FloatVector.fromArray(F, scores, at);
        for (int i = at + L; i < at + count; i += L) {
            largest = largest.max(FloatVector.fromArray(F, scores, i));
        }
        float before = peaks[query];
        float peak = Math.max(before, largest.reduceLanes(MAX));
        float correction = 1;
        if (peak != before) {
            peaks[query] = peak;
            correction = exp(FloatVector.broadcast(F, before - peak)).lane(0);
            scale(sums, sumsAt, GROUP, correction);
        }
        for (int i = 0; i < count; i += L) {
            FloatVector weight = exp(FloatVector.fromArray(F, scores, at + i).sub(peak));
            weight.intoArray(scores, at + i);
            int s = sumsAt + i % GROUP;
            FloatVector.fromArray(F, sums, s).add(weight).intoArray(sums, s);
        }
        return correction;
    }
}
