package org.scout4j.backend.scalar;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.AttentionSpans;
import org.scout4j.backend.Backend;
import org.scout4j.backend.ExpertWeights;
import org.scout4j.backend.HostKvPages;
import org.scout4j.backend.HostTensor;
import org.scout4j.backend.HostWeights;
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.backend.RopeTable;
import org.scout4j.backend.Routing;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.TensorSource;

/**
 * The judge of the other backends: each operation as its definition reads, one element after the
 * other, sums in double. Slow and meant to stay so.
 */
public final class ScalarBackend implements Backend {
    private final Arena arena = Arena.ofShared();

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Tensor place(TensorSource source) {
        return HostWeights.of(source);
    }

    @Override
    public Tensor allocate(int rows, int columns) {
        return HostTensor.allocate(arena, rows, columns);
    }

    @Override
    public Tensor view(Tensor activations, int rows, int columns) {
        return HostTensor.of(activations).view(rows, columns);
    }

    @Override
    public KvPages pages(PageFormat format, int count) {
        return new HostKvPages(arena, format, count);
    }

    @Override
    public void embed(Tensor out, Tensor table, int[] tokens, int rows) {
        HostWeights weights = HostWeights.of(table);
        HostTensor target = HostTensor.of(out, rows, weights.columns());
        float[] row = new float[weights.columns()];
        for (int r = 0; r < rows; r++) {
            weights.decode(tokens[r], row, 0);
            for (int c = 0; c < row.length; c++) {
                target.set(r, c, row[c]);
            }
        }
    }

    @Override
    public void gather(Tensor out, Tensor in, int[] from, int rows) {
        HostTensor source = HostTensor.of(in);
        HostTensor target = HostTensor.of(out, rows, source.columns());
        for (int r = 0; r < rows; r++) {
            Objects.checkIndex(from[r], source.rows());
            for (int c = 0; c < source.columns(); c++) {
                target.set(r, c, source.get(from[r], c));
            }
        }
    }

    @Override
    public void scatter(Tensor out, int[] to, Tensor in, int[] from, int count) {
        HostTensor source = HostTensor.of(in);
        HostTensor target = HostTensor.of(out, 0, source.columns());
        for (int i = 0; i < count; i++) {
            Objects.checkIndex(from[i], source.rows());
            Objects.checkIndex(to[i], target.rows());
            for (int c = 0; c < source.columns(); c++) {
                target.set(to[i], c, source.get(from[i], c));
            }
        }
    }

    @Override
    public void rmsNorm(Tensor out, Tensor in, @Nullable Tensor gain, float epsilon, int rows) {
        HostTensor source = HostTensor.of(in, rows);
        int columns = source.columns();
        HostTensor target = HostTensor.of(out, rows, columns);
        float[] gains = gain == null ? null : HostWeights.of(gain).vector(columns);
        for (int r = 0; r < rows; r++) {
            double squares = 0;
            for (int c = 0; c < columns; c++) {
                double x = source.get(r, c);
                squares += x * x;
            }
            double root = Math.sqrt(squares / columns + epsilon);
            for (int c = 0; c < columns; c++) {
                double normal = source.get(r, c) / root;
                target.set(r, c, (float) (gains == null ? normal : normal * gains[c]));
            }
        }
    }

    @Override
    public void layerNorm(
            Tensor out, Tensor in, Tensor gain, Tensor bias, float epsilon, int rows) {
        HostTensor source = HostTensor.of(in, rows);
        int columns = source.columns();
        HostTensor target = HostTensor.of(out, rows, columns);
        float[] gains = HostWeights.of(gain).vector(columns);
        float[] biases = HostWeights.of(bias).vector(columns);
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += source.get(r, c);
            }
            double mean = sum / columns;
            double squares = 0;
            for (int c = 0; c < columns; c++) {
                double distance = source.get(r, c) - mean;
                squares += distance * distance;
            }
            double root = Math.sqrt(squares / columns + epsilon);
            for (int c = 0; c < columns; c++) {
                double normal = (source.get(r, c) - mean) / root;
                target.set(r, c, (float) (normal * gains[c] + biases[c]));
            }
        }
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, @Nullable Tensor bias, int rows) {
        HostWeights weights = HostWeights.of(weight);
        HostTensor source = HostTensor.of(in, rows, weights.columns());
        HostTensor target = HostTensor.of(out, rows, weights.rows());
        float[] biases = bias == null ? null : HostWeights.of(bias).vector(weights.rows());
        float[] row = new float[weights.columns()];
        for (int o = 0; o < weights.rows(); o++) {
            weights.decode(o, row, 0);
            for (int r = 0; r < rows; r++) {
                double sum = 0;
                for (int c = 0; c < row.length; c++) {
                    sum += (double) row[c] * source.get(r, c);
                }
                target.set(r, o, (float) (biases == null ? sum : sum + biases[o]));
            }
        }
    }

    @Override
    public void route(Routing routing, Tensor scores, int rows) {
        HostTensor source = HostTensor.of(scores, rows);
        float[] row = new float[source.columns()];
        for (int r = 0; r < rows; r++) {
            for (int e = 0; e < row.length; e++) {
                row[e] = source.get(r, e);
            }
            routing.choose(r, row);
        }
    }

    @Override
    public void experts(Tensor out, Tensor in, ExpertWeights weights, Routing routing, int rows) {
        HostTensor source = HostTensor.of(in, rows);
        HostTensor target = HostTensor.of(out, rows, source.columns());
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < routing.perToken; i++) {
                int choice = r * routing.perToken + i;
                int expert = routing.expert[choice];
                double[] x = new double[source.columns()];
                for (int c = 0; c < x.length; c++) {
                    x[c] = routing.score[choice] * source.get(r, c);
                }
                double[] hidden = multiply(HostWeights.of(weights.gate().get(expert)), x);
                double[] up = multiply(HostWeights.of(weights.up().get(expert)), x);
                for (int c = 0; c < hidden.length; c++) {
                    hidden[c] = silu(hidden[c]) * up[c];
                }
                double[] down = multiply(HostWeights.of(weights.down().get(expert)), hidden);
                for (int c = 0; c < down.length; c++) {
                    target.set(r, c, (float) (target.get(r, c) + down[c]));
                }
            }
        }
    }

    private static double[] multiply(HostWeights weights, double[] x) {
        double[] out = new double[weights.rows()];
        float[] row = new float[weights.columns()];
        for (int o = 0; o < out.length; o++) {
            weights.decode(o, row, 0);
            for (int c = 0; c < row.length; c++) {
                out[o] += row[c] * x[c];
            }
        }
        return out;
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    @Override
    public void rotate(Tensor heads, int headSize, int[] positions, RopeTable table, int rows) {
        HostTensor target = HostTensor.of(heads, rows);
        int pairs = table.frequencies().length;
        for (int r = 0; r < rows; r++) {
            for (int start = 0; start < target.columns(); start += headSize) {
                for (int j = 0; j < pairs; j++) {
                    double angle = (double) positions[r] * table.frequencies()[j];
                    int first = start + (table.adjacent() ? 2 * j : j);
                    int second = start + (table.adjacent() ? 2 * j + 1 : j + pairs);
                    double a = target.get(r, first);
                    double b = target.get(r, second);
                    target.set(r, first, (float) (a * Math.cos(angle) - b * Math.sin(angle)));
                    target.set(r, second, (float) (a * Math.sin(angle) + b * Math.cos(angle)));
                }
            }
        }
    }

    @Override
    public void scale(Tensor target, float[] factors, int rows) {
        HostTensor values = HostTensor.of(target, rows);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < values.columns(); c++) {
                values.set(r, c, values.get(r, c) * factors[r]);
            }
        }
    }

    @Override
    public void write(
            KvPages pages, int layer, AttentionSpans spans, Tensor keys, Tensor values, int rows) {
        HostKvPages cache = HostKvPages.of(pages);
        PageFormat format = cache.format();
        int columns = format.kvHeads() * format.headSize();
        HostTensor newKeys = HostTensor.of(keys, rows, columns);
        HostTensor newValues = HostTensor.of(values, rows, columns);
        for (int r = 0; r < rows; r++) {
            cache.reserve(spans.slots[r] / format.pageTokens());
            for (int head = 0; head < format.kvHeads(); head++) {
                cache.write(layer, head, spans.slots[r], newKeys, newValues, r);
            }
        }
    }

    @Override
    public void attend(
            Tensor out, Tensor queries, KvPages pages, int layer, AttentionSpans spans, int rows) {
        HostKvPages cache = HostKvPages.of(pages);
        HostTensor source = HostTensor.of(queries, rows);
        HostTensor target = HostTensor.of(out, rows, source.columns());
        int heads = source.columns() / cache.format().headSize();
        for (int r = 0; r < rows; r++) {
            for (int head = 0; head < heads; head++) {
                attend(target, source, cache, layer, spans, r, head, heads);
            }
        }
    }

    /** One head of one row: all scores, their softmax, the weighted sum of values. */
    private static void attend(
            HostTensor out,
            HostTensor queries,
            HostKvPages cache,
            int layer,
            AttentionSpans spans,
            int row,
            int head,
            int heads) {
        PageFormat format = cache.format();
        int headSize = format.headSize();
        int kvHead = head / (heads / format.kvHeads());
        int first = spans.first[row];
        double[] scores = new double[spans.last[row] - first + 1];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            int position = first + i - spans.base[row];
            MemorySegment page = cache.page(spans.pages[row][position / format.pageTokens()]);
            for (int d = 0; d < headSize; d++) {
                long at = cache.keys(layer, kvHead) + cache.key(position % format.pageTokens(), d);
                scores[i] +=
                        (double) queries.get(row, head * headSize + d)
                                * page.get(ValueLayout.JAVA_FLOAT, at);
            }
            scores[i] /= Math.sqrt(headSize);
            largest = Math.max(largest, scores[i]);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i] - largest);
            sum += scores[i];
        }
        for (int d = 0; d < headSize; d++) {
            double weighted = 0;
            for (int i = 0; i < scores.length; i++) {
                int position = first + i - spans.base[row];
                MemorySegment page = cache.page(spans.pages[row][position / format.pageTokens()]);
                long at =
                        cache.values(layer, kvHead)
                                + cache.value(position % format.pageTokens(), d);
                weighted += scores[i] * page.get(ValueLayout.JAVA_FLOAT, at);
            }
            out.set(row, head * headSize + d, (float) (weighted / sum));
        }
    }

    @Override
    public void gate(Tensor gate, Tensor up, int rows) {
        HostTensor target = HostTensor.of(gate, rows);
        HostTensor factor = HostTensor.of(up, rows, target.columns());
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.set(r, c, (float) (silu(target.get(r, c)) * factor.get(r, c)));
            }
        }
    }

    @Override
    public void gelu(Tensor target, int rows) {
        HostTensor values = HostTensor.of(target, rows);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < values.columns(); c++) {
                double x = values.get(r, c);
                values.set(r, c, (float) (x / 2 * ErrorFunction.complement(-x / Math.sqrt(2))));
            }
        }
    }

    @Override
    public void add(Tensor target, Tensor addend, int rows) {
        HostTensor sum = HostTensor.of(target, rows);
        HostTensor other = HostTensor.of(addend, rows, sum.columns());
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < sum.columns(); c++) {
                sum.set(r, c, sum.get(r, c) + other.get(r, c));
            }
        }
    }

    @Override
    public void read(Tensor from, MemorySegment to, int rows) {
        HostTensor source = HostTensor.of(from, rows);
        MemorySegment.copy(source.values(), 0, to, 0, source.offset(rows));
    }

    @Override
    public void readRow(Tensor from, int row, MemorySegment to) {
        HostTensor source = HostTensor.of(from, row + 1);
        MemorySegment.copy(
                source.values(), source.offset(row), to, 0, (long) Float.BYTES * from.columns());
    }

    @Override
    public void write(Tensor to, MemorySegment from, int rows) {
        HostTensor target = HostTensor.of(to, rows);
        MemorySegment.copy(from, 0, target.values(), 0, target.offset(rows));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
