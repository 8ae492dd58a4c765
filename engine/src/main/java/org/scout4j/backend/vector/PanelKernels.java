package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register blocks of matrix multiplication. Written out by hand: a loop over registers would
 * spill them. Six by two reaches 85 % of peak on AVX2; four by three, which needs every register,
 * 40 %.
 */
final class PanelKernels implements Panels {
    private static final VectorSpecies<Float> F = Lanes.floats(MethodHandles.lookup());
    private static final int L = F.length();
    private static final int VECTORS = GROUP / L;
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1, 1, true);
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    @Override
    public boolean four() {
        return L == 16;
    }

    @Override
    public void multiplyFour(
            float[] panel,
            int panelAt,
            float[] x,
            int xAt,
            int xNext,
            int xChain,
            int groups,
            float[] sums,
            int sumsAt,
            int sumsNext) {
        for (int v = 0; v < VECTORS; v++) {
            int at = sumsAt + v * 2 * ROWS * L;
            int then = at + sumsNext;
            FloatVector a0 = FloatVector.fromArray(F, sums, at);
            FloatVector a1 = FloatVector.fromArray(F, sums, at + L);
            FloatVector a2 = FloatVector.fromArray(F, sums, at + 2 * L);
            FloatVector a3 = FloatVector.fromArray(F, sums, at + 3 * L);
            FloatVector a4 = FloatVector.fromArray(F, sums, at + 4 * L);
            FloatVector a5 = FloatVector.fromArray(F, sums, at + 5 * L);
            FloatVector b0 = FloatVector.fromArray(F, sums, at + 6 * L);
            FloatVector b1 = FloatVector.fromArray(F, sums, at + 7 * L);
            FloatVector b2 = FloatVector.fromArray(F, sums, at + 8 * L);
            FloatVector b3 = FloatVector.fromArray(F, sums, at + 9 * L);
            FloatVector b4 = FloatVector.fromArray(F, sums, at + 10 * L);
            FloatVector b5 = FloatVector.fromArray(F, sums, at + 11 * L);
            FloatVector c0 = FloatVector.fromArray(F, sums, then);
            FloatVector c1 = FloatVector.fromArray(F, sums, then + L);
            FloatVector c2 = FloatVector.fromArray(F, sums, then + 2 * L);
            FloatVector c3 = FloatVector.fromArray(F, sums, then + 3 * L);
            FloatVector c4 = FloatVector.fromArray(F, sums, then + 4 * L);
            FloatVector c5 = FloatVector.fromArray(F, sums, then + 5 * L);
            FloatVector d0 = FloatVector.fromArray(F, sums, then + 6 * L);
            FloatVector d1 = FloatVector.fromArray(F, sums, then + 7 * L);
            FloatVector d2 = FloatVector.fromArray(F, sums, then + 8 * L);
            FloatVector d3 = FloatVector.fromArray(F, sums, then + 9 * L);
            FloatVector d4 = FloatVector.fromArray(F, sums, then + 10 * L);
            FloatVector d5 = FloatVector.fromArray(F, sums, then + 11 * L);
            int xi = xAt + v * xChain;
            int first = panelAt + v * CHAIN * L;
            for (int i = first; i < first + groups * ROWS * L; i += ROWS * L) {
                FloatVector xa = FloatVector.fromArray(F, x, xi);
                FloatVector xb = FloatVector.fromArray(F, x, xi + L);
                FloatVector xc = FloatVector.fromArray(F, x, xi + xNext);
                FloatVector xd = FloatVector.fromArray(F, x, xi + xNext + L);
                FloatVector w = FloatVector.fromArray(F, panel, i);
                a0 = w.fma(xa, a0);
                b0 = w.fma(xb, b0);
                c0 = w.fma(xc, c0);
                d0 = w.fma(xd, d0);
                w = FloatVector.fromArray(F, panel, i + L);
                a1 = w.fma(xa, a1);
                b1 = w.fma(xb, b1);
                c1 = w.fma(xc, c1);
                d1 = w.fma(xd, d1);
                w = FloatVector.fromArray(F, panel, i + 2 * L);
                a2 = w.fma(xa, a2);
                b2 = w.fma(xb, b2);
                c2 = w.fma(xc, c2);
                d2 = w.fma(xd, d2);
                w = FloatVector.fromArray(F, panel, i + 3 * L);
                a3 = w.fma(xa, a3);
                b3 = w.fma(xb, b3);
                c3 = w.fma(xc, c3);
                d3 = w.fma(xd, d3);
                w = FloatVector.fromArray(F, panel, i + 4 * L);
                a4 = w.fma(xa, a4);
                b4 = w.fma(xb, b4);
                c4 = w.fma(xc, c4);
                d4 = w.fma(xd, d4);
                w = FloatVector.fromArray(F, panel, i + 5 * L);
                a5 = w.fma(xa, a5);
                b5 = w.fma(xb, b5);
                c5 = w.fma(xc, c5);
                d5 = w.fma(xd, d5);
                xi += 2 * L;
            }
            a0.intoArray(sums, at);
            a1.intoArray(sums, at + L);
            a2.intoArray(sums, at + 2 * L);
            a3.intoArray(sums, at + 3 * L);
            a4.intoArray(sums, at + 4 * L);
            a5.intoArray(sums, at + 5 * L);
            b0.intoArray(sums, at + 6 * L);
            b1.intoArray(sums, at + 7 * L);
            b2.intoArray(sums, at + 8 * L);
            b3.intoArray(sums, at + 9 * L);
            b4.intoArray(sums, at + 10 * L);
            b5.intoArray(sums, at + 11 * L);
            c0.intoArray(sums, then);
            c1.intoArray(sums, then + L);
            c2.intoArray(sums, then + 2 * L);
            c3.intoArray(sums, then + 3 * L);
            c4.intoArray(sums, then + 4 * L);
            c5.intoArray(sums, then + 5 * L);
            d0.intoArray(sums, then + 6 * L);
            d1.intoArray(sums, then + 7 * L);
            d2.intoArray(sums, then + 8 * L);
            d3.intoArray(sums, then + 9 * L);
            d4.intoArray(sums, then + 10 * L);
            d5.intoArray(sums, then + 11 * L);
        }
    }

    @Override
    public void multiplyTwo(
            float[] panel,
            int panelAt,
            float[] x,
            int xAt,
            int xChain,
            int groups,
            float[] sums,
            int sumsAt) {
        for (int v = 0; v < VECTORS; v++) {
            int at = sumsAt + v * 2 * ROWS * L;
            FloatVector a0 = FloatVector.fromArray(F, sums, at);
            FloatVector a1 = FloatVector.fromArray(F, sums, at + L);
            FloatVector a2 = FloatVector.fromArray(F, sums, at + 2 * L);
            FloatVector a3 = FloatVector.fromArray(F, sums, at + 3 * L);
            FloatVector a4 = FloatVector.fromArray(F, sums, at + 4 * L);
            FloatVector a5 = FloatVector.fromArray(F, sums, at + 5 * L);
            FloatVector b0 = FloatVector.fromArray(F, sums, at + 6 * L);
            FloatVector b1 = FloatVector.fromArray(F, sums, at + 7 * L);
            FloatVector b2 = FloatVector.fromArray(F, sums, at + 8 * L);
            FloatVector b3 = FloatVector.fromArray(F, sums, at + 9 * L);
            FloatVector b4 = FloatVector.fromArray(F, sums, at + 10 * L);
            FloatVector b5 = FloatVector.fromArray(F, sums, at + 11 * L);
            int xi = xAt + v * xChain;
            int first = panelAt + v * CHAIN * L;
            for (int i = first; i < first + groups * ROWS * L; i += ROWS * L) {
                FloatVector xa = FloatVector.fromArray(F, x, xi);
                FloatVector xb = FloatVector.fromArray(F, x, xi + L);
                FloatVector w = FloatVector.fromArray(F, panel, i);
                a0 = w.fma(xa, a0);
                b0 = w.fma(xb, b0);
                w = FloatVector.fromArray(F, panel, i + L);
                a1 = w.fma(xa, a1);
                b1 = w.fma(xb, b1);
                w = FloatVector.fromArray(F, panel, i + 2 * L);
                a2 = w.fma(xa, a2);
                b2 = w.fma(xb, b2);
                w = FloatVector.fromArray(F, panel, i + 3 * L);
                a3 = w.fma(xa, a3);
                b3 = w.fma(xb, b3);
                w = FloatVector.fromArray(F, panel, i + 4 * L);
                a4 = w.fma(xa, a4);
                b4 = w.fma(xb, b4);
                w = FloatVector.fromArray(F, panel, i + 5 * L);
                a5 = w.fma(xa, a5);
                b5 = w.fma(xb, b5);
                xi += 2 * L;
            }
            a0.intoArray(sums, at);
            a1.intoArray(sums, at + L);
            a2.intoArray(sums, at + 2 * L);
            a3.intoArray(sums, at + 3 * L);
            a4.intoArray(sums, at + 4 * L);
            a5.intoArray(sums, at + 5 * L);
            b0.intoArray(sums, at + 6 * L);
            b1.intoArray(sums, at + 7 * L);
            b2.intoArray(sums, at + 8 * L);
            b3.intoArray(sums, at + 9 * L);
            b4.intoArray(sums, at + 10 * L);
            b5.intoArray(sums, at + 11 * L);
        }
    }

    @Override
    public void multiplyOne(
            float[] panel,
            int panelAt,
            float[] x,
            int xAt,
            int xChain,
            int groups,
            float[] sums,
            int sumsAt) {
        for (int v = 0; v < VECTORS; v++) {
            int at = sumsAt + v * ROWS * L;
            FloatVector a0 = FloatVector.fromArray(F, sums, at);
            FloatVector a1 = FloatVector.fromArray(F, sums, at + L);
            FloatVector a2 = FloatVector.fromArray(F, sums, at + 2 * L);
            FloatVector a3 = FloatVector.fromArray(F, sums, at + 3 * L);
            FloatVector a4 = FloatVector.fromArray(F, sums, at + 4 * L);
            FloatVector a5 = FloatVector.fromArray(F, sums, at + 5 * L);
            int xi = xAt + v * xChain;
            int first = panelAt + v * CHAIN * L;
            for (int i = first; i < first + groups * ROWS * L; i += ROWS * L) {
                FloatVector xa = FloatVector.fromArray(F, x, xi);
                a0 = FloatVector.fromArray(F, panel, i).fma(xa, a0);
                a1 = FloatVector.fromArray(F, panel, i + L).fma(xa, a1);
                a2 = FloatVector.fromArray(F, panel, i + 2 * L).fma(xa, a2);
                a3 = FloatVector.fromArray(F, panel, i + 3 * L).fma(xa, a3);
                a4 = FloatVector.fromArray(F, panel, i + 4 * L).fma(xa, a4);
                a5 = FloatVector.fromArray(F, panel, i + 5 * L).fma(xa, a5);
                xi += L;
            }
            a0.intoArray(sums, at);
            a1.intoArray(sums, at + L);
            a2.intoArray(sums, at + 2 * L);
            a3.intoArray(sums, at + 3 * L);
            a4.intoArray(sums, at + 4 * L);
            a5.intoArray(sums, at + 5 * L);
        }
    }

    @Override
    public void total(float[] sums, int at, int step, int rows, float[] totals) {
        for (int r = 0; r < rows; r++) {
            // Halves of 16, 8, 4, 2 and 1 partial sums: whole vectors first, then lanes.
            int first = at + r * L;
            FloatVector t = FloatVector.fromArray(F, sums, first);
            if (L == 16) {
                t = t.add(FloatVector.fromArray(F, sums, first + step));
                t = t.add(t.rearrange(BY_8));
            } else if (L == 8) {
                FloatVector u = FloatVector.fromArray(F, sums, first + step);
                t = t.add(FloatVector.fromArray(F, sums, first + 2 * step));
                t = t.add(u.add(FloatVector.fromArray(F, sums, first + 3 * step)));
            } else {
                for (int half = VECTORS / 2; half > 0; half /= 2) {
                    for (int v = 0; v < half; v++) {
                        FloatVector.fromArray(F, sums, first + v * step)
                                .add(FloatVector.fromArray(F, sums, first + (v + half) * step))
                                .intoArray(sums, first + v * step);
                    }
                }
                t = FloatVector.fromArray(F, sums, first);
            }
            if (L >= 8) {
                t = t.add(t.rearrange(BY_4));
            }
            t = t.add(t.rearrange(BY_2));
            t = t.add(t.rearrange(BY_1));
            totals[r] = t.lane(0);
        }
    }

    @Override
    public void multiplyInputsTwo(
            float[] tile,
            int at,
            int width,
            int inputs,
            float[] x,
            int x0,
            int x1,
            float[] sums,
            int sumsAt) {
        FloatVector a0 = FloatVector.fromArray(F, sums, sumsAt);
        FloatVector a1 = FloatVector.fromArray(F, sums, sumsAt + L);
        FloatVector a2 = FloatVector.fromArray(F, sums, sumsAt + 2 * L);
        FloatVector a3 = FloatVector.fromArray(F, sums, sumsAt + 3 * L);
        FloatVector a4 = FloatVector.fromArray(F, sums, sumsAt + 4 * L);
        FloatVector a5 = FloatVector.fromArray(F, sums, sumsAt + 5 * L);
        FloatVector b0 = FloatVector.fromArray(F, sums, sumsAt + 6 * L);
        FloatVector b1 = FloatVector.fromArray(F, sums, sumsAt + 7 * L);
        FloatVector b2 = FloatVector.fromArray(F, sums, sumsAt + 8 * L);
        FloatVector b3 = FloatVector.fromArray(F, sums, sumsAt + 9 * L);
        FloatVector b4 = FloatVector.fromArray(F, sums, sumsAt + 10 * L);
        FloatVector b5 = FloatVector.fromArray(F, sums, sumsAt + 11 * L);
        int i = at;
        for (int c = 0; c < inputs; c++) {
            FloatVector xa = FloatVector.broadcast(F, x[x0 + c]);
            FloatVector xb = FloatVector.broadcast(F, x[x1 + c]);
            FloatVector w = FloatVector.fromArray(F, tile, i);
            a0 = w.fma(xa, a0);
            b0 = w.fma(xb, b0);
            w = FloatVector.fromArray(F, tile, i + L);
            a1 = w.fma(xa, a1);
            b1 = w.fma(xb, b1);
            w = FloatVector.fromArray(F, tile, i + 2 * L);
            a2 = w.fma(xa, a2);
            b2 = w.fma(xb, b2);
            w = FloatVector.fromArray(F, tile, i + 3 * L);
            a3 = w.fma(xa, a3);
            b3 = w.fma(xb, b3);
            w = FloatVector.fromArray(F, tile, i + 4 * L);
            a4 = w.fma(xa, a4);
            b4 = w.fma(xb, b4);
            w = FloatVector.fromArray(F, tile, i + 5 * L);
            a5 = w.fma(xa, a5);
            b5 = w.fma(xb, b5);
            i += width;
        }
        a0.intoArray(sums, sumsAt);
        a1.intoArray(sums, sumsAt + L);
        a2.intoArray(sums, sumsAt + 2 * L);
        a3.intoArray(sums, sumsAt + 3 * L);
        a4.intoArray(sums, sumsAt + 4 * L);
        a5.intoArray(sums, sumsAt + 5 * L);
        b0.intoArray(sums, sumsAt + 6 * L);
        b1.intoArray(sums, sumsAt + 7 * L);
        b2.intoArray(sums, sumsAt + 8 * L);
        b3.intoArray(sums, sumsAt + 9 * L);
        b4.intoArray(sums, sumsAt + 10 * L);
        b5.intoArray(sums, sumsAt + 11 * L);
    }

    @Override
    public void multiplyInputsOne(
            float[] tile,
            int at,
            int width,
            int inputs,
            float[] x,
            int x0,
            float[] sums,
            int sumsAt) {
        FloatVector a0 = FloatVector.fromArray(F, sums, sumsAt);
        FloatVector a1 = FloatVector.fromArray(F, sums, sumsAt + L);
        FloatVector a2 = FloatVector.fromArray(F, sums, sumsAt + 2 * L);
        FloatVector a3 = FloatVector.fromArray(F, sums, sumsAt + 3 * L);
        FloatVector a4 = FloatVector.fromArray(F, sums, sumsAt + 4 * L);
        FloatVector a5 = FloatVector.fromArray(F, sums, sumsAt + 5 * L);
        int i = at;
        for (int c = 0; c < inputs; c++) {
            FloatVector xa = FloatVector.broadcast(F, x[x0 + c]);
            a0 = FloatVector.fromArray(F, tile, i).fma(xa, a0);
            a1 = FloatVector.fromArray(F, tile, i + L).fma(xa, a1);
            a2 = FloatVector.fromArray(F, tile, i + 2 * L).fma(xa, a2);
            a3 = FloatVector.fromArray(F, tile, i + 3 * L).fma(xa, a3);
            a4 = FloatVector.fromArray(F, tile, i + 4 * L).fma(xa, a4);
            a5 = FloatVector.fromArray(F, tile, i + 5 * L).fma(xa, a5);
            i += width;
        }
        a0.intoArray(sums, sumsAt);
        a1.intoArray(sums, sumsAt + L);
        a2.intoArray(sums, sumsAt + 2 * L);
        a3.intoArray(sums, sumsAt + 3 * L);
        a4.intoArray(sums, sumsAt + 4 * L);
        a5.intoArray(sums, sumsAt + 5 * L);
    }

    @Override
    public void pack(
            MemorySegment from,
            long start,
            int count,
            float factor,
            float[] to,
            int at,
            int chain,
            int next) {
        int whole = count / GROUP * GROUP;
        int t = at;
        long end = start + 4L * whole;
        for (long p = start; p != end; p += 4 * GROUP) {
            for (int v = 0; v < VECTORS; v++) {
                FloatVector.fromMemorySegment(F, from, p + 4L * v * L, NATIVE)
                        .mul(factor)
                        .intoArray(to, t + v * chain);
            }
            t += next;
        }
        for (int c = whole; c < padded(count); c++) {
            int i = c - whole;
            to[t + i / L * chain + i % L] =
                    c < count
                            ? from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, start + 4L * c) * factor
                            : 0;
        }
    }

    @Override
    public void spread(float[] from, int start, int count, float[] panel, int at) {
        int whole = count / GROUP * GROUP;
        int t = at;
        for (int c = 0; c < whole; c += GROUP) {
            for (int v = 0; v < VECTORS; v++) {
                FloatVector.fromArray(F, from, start + c + v * L)
                        .intoArray(panel, t + v * CHAIN * L);
            }
            t += ROWS * L;
        }
        for (int c = whole; c < padded(count); c++) {
            int i = c - whole;
            panel[t + i / L * CHAIN * L + i % L] = c < count ? from[start + c] : 0;
        }
    }

    @Override
    public void scale(float[] panel, int at, int groups, float factor) {
        for (int v = 0; v < VECTORS; v++) {
            int first = at + v * CHAIN * L;
            for (int i = first; i < first + groups * ROWS * L; i += ROWS * L) {
                FloatVector.fromArray(F, panel, i).mul(factor).intoArray(panel, i);
            }
        }
    }

    private static int padded(int count) {
        return (count + GROUP - 1) / GROUP * GROUP;
    }
}
