package org.scout4j.backend.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.*;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.WeightRows;

/** tmp */
public final class ScalarBackend implements Backend {
    private record Pages(PageFormat format, int count, float[] keys, float[] values)
            implements KvPages {
        @Override
        public void poison(int page) {
            int n = format.layers() * format.pageTokens() * format.kvHeads() * format.headSize();
            java.util.Arrays.fill(keys, page * n, (page + 1) * n, Float.NaN);
            java.util.Arrays.fill(values, page * n, (page + 1) * n, Float.NaN);
        }

        int at(int layer, int slot, int head) {
            int page = slot / format.pageTokens();
            int off = slot % format.pageTokens();
            return (((page * format.layers() + layer) * format.pageTokens() + off)
                                    * format.kvHeads()
                            + head)
                    * format.headSize();
        }
    }

    private static HostTensor h(Tensor t) {
        return (HostTensor) t;
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Tensor place(TensorSource source) {
        WeightRows rows = WeightRows.of(source);
        return new HostTensor((int) rows.rows(), rows.columns(), new float[0], rows);
    }

    @Override
    public Tensor allocate(int rows, int columns) {
        return new HostTensor(rows, columns, new float[rows * columns], null);
    }

    @Override
    public Tensor view(Tensor a, int rows, int columns) {
        return new HostTensor(rows, columns, h(a).data(), null);
    }

    @Override
    public KvPages pages(PageFormat f, int count) {
        int n = Math.min(count, 400) * f.layers() * f.pageTokens() * f.kvHeads() * f.headSize();
        return new Pages(f, count, new float[n], new float[n]);
    }

    private static float[] row(Tensor w, int r) {
        float[] out = new float[w.columns()];
        java.util.Objects.requireNonNull(h(w).weights()).decode(r, out, 0);
        return out;
    }

    @Override
    public void embed(Tensor out, Tensor table, int[] tokens, int rows) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(
                    row(table, tokens[r]), 0, h(out).data(), r * out.columns(), out.columns());
        }
    }

    @Override
    public void gather(Tensor out, Tensor in, int[] from, int rows) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(
                    h(in).data(),
                    from[r] * in.columns(),
                    h(out).data(),
                    r * out.columns(),
                    out.columns());
        }
    }

    @Override
    public void rmsNorm(Tensor out, Tensor in, @Nullable Tensor gain, float epsilon, int rows) {
        int n = in.columns();
        float[] g = gain == null ? null : row(gain, 0);
        for (int r = 0; r < rows; r++) {
            double s = 0;
            for (int i = 0; i < n; i++) {
                double v = h(in).data()[r * n + i];
                s += v * v;
            }
            double f = 1 / Math.sqrt(s / n + epsilon);
            for (int i = 0; i < n; i++) {
                h(out).data()[r * n + i] =
                        (float) (h(in).data()[r * n + i] * f * (g == null ? 1 : g[i]));
            }
        }
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, @Nullable Tensor bias, int rows) {
        float[] b = bias == null ? null : row(bias, 0);
        for (int o = 0; o < weight.rows(); o++) {
            float[] w = row(weight, o);
            for (int r = 0; r < rows; r++) {
                h(out).data()[r * out.columns() + o] =
                        dot(w, h(in).data(), r * in.columns(), 1) + (b == null ? 0 : b[o]);
            }
        }
    }

    private static float dot(float[] w, float[] x, int from, float scale) {
        double s = 0;
        for (int i = 0; i < w.length; i++) {
            s += (double) w[i] * (x[from + i] * scale);
        }
        return (float) s;
    }

    @Override
    public void route(Routing routing, Tensor scores, int rows) {
        int n = scores.columns();
        for (int r = 0; r < rows; r++) {
            boolean[] used = new boolean[n];
            for (int k = 0; k < routing.perToken; k++) {
                int best = -1;
                for (int e = 0; e < n; e++) {
                    if (!used[e]
                            && (best < 0
                                    || h(scores).data()[r * n + e]
                                            > h(scores).data()[r * n + best])) {
                        best = e;
                    }
                }
                used[best] = true;
                routing.expert[r * routing.perToken + k] = best;
                routing.score[r * routing.perToken + k] =
                        (float) (1 / (1 + Math.exp(-h(scores).data()[r * n + best])));
            }
        }
    }

    @Override
    public void experts(Tensor out, Tensor in, ExpertWeights weights, Routing routing, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < routing.perToken; k++) {
                int e = routing.expert[r * routing.perToken + k];
                float s = routing.score[r * routing.perToken + k];
                Tensor gate = weights.gate().get(e);
                float[] mid = new float[gate.rows()];
                for (int i = 0; i < mid.length; i++) {
                    float a = dot(row(gate, i), h(in).data(), r * in.columns(), s);
                    float b = dot(row(weights.up().get(e), i), h(in).data(), r * in.columns(), s);
                    mid[i] = silu(a) * b;
                }
                for (int o = 0; o < out.columns(); o++) {
                    h(out).data()[r * out.columns() + o] +=
                            dot(row(weights.down().get(e), o), mid, 0, 1);
                }
            }
        }
    }

    private static float silu(float v) {
        return (float) (v / (1 + Math.exp(-v)));
    }

    @Override
    public void rotate(Tensor heads, int headSize, int[] positions, RopeTable table, int rows) {
        int n = table.frequencies().length;
        for (int r = 0; r < rows; r++) {
            for (int start = 0; start < heads.columns(); start += headSize) {
                for (int j = 0; j < n; j++) {
                    double t = positions[r] * (double) table.frequencies()[j];
                    int a = r * heads.columns() + start + (table.adjacent() ? 2 * j : j);
                    int b = a + (table.adjacent() ? 1 : n);
                    double x = h(heads).data()[a];
                    double y = h(heads).data()[b];
                    h(heads).data()[a] = (float) (x * Math.cos(t) - y * Math.sin(t));
                    h(heads).data()[b] = (float) (x * Math.sin(t) + y * Math.cos(t));
                }
            }
        }
    }

    @Override
    public void scale(Tensor target, float[] factors, int rows) {
        for (int i = 0; i < rows * target.columns(); i++) {
            h(target).data()[i] *= factors[i / target.columns()];
        }
    }

    @Override
    public void write(
            KvPages pages, int layer, AttentionSpans spans, Tensor keys, Tensor values, int rows) {
        Pages p = (Pages) pages;
        int d = p.format.headSize();
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < p.format.kvHeads(); k++) {
                int at = p.at(layer, spans.slots[r], k);
                System.arraycopy(h(keys).data(), r * keys.columns() + k * d, p.keys, at, d);
                System.arraycopy(h(values).data(), r * keys.columns() + k * d, p.values, at, d);
            }
        }
    }

    @Override
    public void attend(
            Tensor out, Tensor queries, KvPages pages, int layer, AttentionSpans spans, int rows) {
        Pages p = (Pages) pages;
        int d = p.format.headSize();
        int heads = queries.columns() / d;
        int t = p.format.pageTokens();
        for (int r = 0; r < rows; r++) {
            for (int head = 0; head < heads; head++) {
                int kv = head / (heads / p.format.kvHeads());
                int n = spans.last[r] - spans.first[r] + 1;
                double[] s = new double[n];
                int[] at = new int[n];
                double max = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < n; i++) {
                    int rel = spans.first[r] + i - spans.base[r];
                    at[i] = p.at(layer, spans.pages[r][rel / t] * t + rel % t, kv);
                    for (int j = 0; j < d; j++) {
                        s[i] +=
                                (double) h(queries).data()[r * queries.columns() + head * d + j]
                                        * p.keys[at[i] + j];
                    }
                    s[i] /= Math.sqrt(d);
                    max = Math.max(max, s[i]);
                }
                double sum = 0;
                double[] o = new double[d];
                for (int i = 0; i < n; i++) {
                    double e = Math.exp(s[i] - max);
                    sum += e;
                    for (int j = 0; j < d; j++) {
                        o[j] += e * p.values[at[i] + j];
                    }
                }
                for (int j = 0; j < d; j++) {
                    h(out).data()[r * queries.columns() + head * d + j] = (float) (o[j] / sum);
                }
            }
        }
    }

    @Override
    public void gate(Tensor gate, Tensor up, int rows) {
        for (int i = 0; i < rows * gate.columns(); i++) {
            h(gate).data()[i] = silu(h(gate).data()[i]) * h(up).data()[i];
        }
    }

    @Override
    public void add(Tensor target, Tensor addend, int rows) {
        for (int i = 0; i < rows * target.columns(); i++) {
            h(target).data()[i] += h(addend).data()[i];
        }
    }

    @Override
    public void read(Tensor from, MemorySegment to, int rows) {
        MemorySegment.copy(
                h(from).data(), 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, rows * from.columns());
    }

    @Override
    public void readRow(Tensor from, int row, MemorySegment to) {
        MemorySegment.copy(
                h(from).data(),
                row * from.columns(),
                to,
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                0,
                from.columns());
    }

    @Override
    public void write(Tensor to, MemorySegment from, int rows) {}

    @Override
    public void close() {}
}
