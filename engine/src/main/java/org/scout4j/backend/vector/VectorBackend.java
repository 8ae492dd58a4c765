package org.scout4j.backend.vector;

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
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.backend.RopeTable;
import org.scout4j.backend.Routing;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.TensorSource;

/**
 * Operations by the Vector API on all cores. This class checks arguments and cuts operations into
 * chunks; {@link Products}, {@link Experts} and {@link Attention} say what a chunk is, the kernels
 * compute.
 *
 * <p>No kernel uses an operation whose bits the Vector API leaves open (sums across lanes,
 * exponentials), and every sum has one order that follows from its own length or positions. So
 * results do not depend on the rows beside, on threads, on compilation, nor on the width of the
 * vectors.
 */
public final class VectorBackend implements Backend {
    /** Elements that are worth a chunk in the operations on single elements. */
    private static final int CHUNK_ELEMENTS = 1 << 15;

    private final String name;
    private final Kernels kernels;
    private final Arena arena = Arena.ofShared();
    private final WorkerTeam team;
    private final Scratch[] scratch;
    private final Products products;
    private final ManyRows manyRows;
    private final Experts experts;
    private final Attention attention;
    private RopeAngles angles = new RopeAngles();

    /** Those of the other of two tables that take turns: the decoder's and the vision tower's. */
    private RopeAngles otherAngles = new RopeAngles();

    private long stamps;

    /** With the widest vectors that this machine computes in hardware. */
    public VectorBackend(int threads) {
        this(threads, Lanes.preferredBits());
    }

    /**
     * @param threads the caller included
     * @param bits 128, 256 or 512; wider than the machine's own is right but very slow
     */
    public VectorBackend(int threads, int bits) {
        if (bits < Lanes.NARROWEST || bits > Lanes.WIDEST || Integer.bitCount(bits) != 1) {
            throw new IllegalArgumentException("vectors of " + bits + " bits");
        }
        name = "vector-" + bits;
        kernels = Kernels.of(bits);
        team = new WorkerTeam(threads);
        scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++) {
            scratch[i] = new Scratch();
        }
        products = new Products(kernels);
        manyRows = new ManyRows(products, team, scratch);
        experts = new Experts(kernels, products, team, scratch, arena);
        attention = new Attention(kernels, team, scratch);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Tensor place(TensorSource source) {
        if (source.bytes().isNative()) {
            return new PlacedWeights(source, kernels);
        }
        // Bytes on the Java heap are small and come from tests. Kernels see native memory only:
        // compiled for a single kind of segment, they are much faster.
        MemorySegment copy = arena.allocate(source.bytes().byteSize(), 64);
        copy.copyFrom(source.bytes());
        TensorSource moved =
                new TensorSource(
                        source.name(),
                        source.dtype(),
                        source.shape(),
                        copy,
                        source.layout(),
                        source.scales());
        return new PlacedWeights(moved, kernels);
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

    /** What is done with rows {@code from} … {@code to − 1}. */
    private interface RowWork {
        void run(int from, int to, Scratch scratch);
    }

    /** Shares rows out in chunks of about {@link #CHUNK_ELEMENTS}. */
    private void share(int rows, int columns, RowWork work) {
        int perChunk = Math.max(1, CHUNK_ELEMENTS / Math.max(1, columns));
        team.run(
                Math.ceilDiv(rows, perChunk),
                (chunk, worker) -> {
                    int from = chunk * perChunk;
                    work.run(from, Math.min(rows, from + perChunk), scratch[worker]);
                });
    }

    @Override
    public void embed(Tensor out, Tensor table, int[] tokens, int rows) {
        PlacedWeights weights = PlacedWeights.of(table);
        int columns = weights.columns();
        HostTensor target = HostTensor.of(out, rows, columns);
        share(
                rows,
                columns,
                (from, to, mine) -> {
                    mine.decoded = Scratch.grown(mine.decoded, columns);
                    for (int r = from; r < to; r++) {
                        weights.decode(tokens[r], mine.decoded, 0);
                        MemorySegment.copy(
                                mine.decoded,
                                0,
                                target.values(),
                                ValueLayout.JAVA_FLOAT,
                                target.offset(r),
                                columns);
                    }
                });
    }

    @Override
    public void gather(Tensor out, Tensor in, int[] from, int rows) {
        HostTensor source = HostTensor.of(in);
        HostTensor target = HostTensor.of(out, rows, source.columns());
        for (int r = 0; r < rows; r++) {
            copyRow(source, from[r], target, r);
        }
    }

    @Override
    public void scatter(Tensor out, int[] to, Tensor in, int[] from, int count) {
        HostTensor source = HostTensor.of(in);
        HostTensor target = HostTensor.of(out, 0, source.columns());
        for (int i = 0; i < count; i++) {
            copyRow(source, from[i], target, to[i]);
        }
    }

    private static void copyRow(HostTensor in, int from, HostTensor out, int to) {
        MemorySegment.copy(
                in.values(),
                in.offset(Objects.checkIndex(from, in.rows())),
                out.values(),
                out.offset(Objects.checkIndex(to, out.rows())),
                in.offset(1));
    }

    @Override
    public void rmsNorm(Tensor out, Tensor in, @Nullable Tensor gain, float epsilon, int rows) {
        HostTensor source = HostTensor.of(in, rows);
        int columns = source.columns();
        HostTensor target = HostTensor.of(out, rows, columns);
        float[] gains = gain == null ? null : PlacedWeights.of(gain).vector(columns);
        share(
                rows,
                columns,
                (from, to, mine) -> {
                    for (int r = from; r < to; r++) {
                        kernels.elements()
                                .rmsNorm(
                                        target.values(),
                                        target.offset(r),
                                        source.values(),
                                        source.offset(r),
                                        columns,
                                        gains,
                                        epsilon,
                                        mine.totals);
                    }
                });
    }

    @Override
    public void layerNorm(
            Tensor out, Tensor in, Tensor gain, Tensor bias, float epsilon, int rows) {
        HostTensor source = HostTensor.of(in, rows);
        int columns = source.columns();
        HostTensor target = HostTensor.of(out, rows, columns);
        float[] gains = PlacedWeights.of(gain).vector(columns);
        float[] biases = PlacedWeights.of(bias).vector(columns);
        share(
                rows,
                columns,
                (from, to, mine) -> {
                    for (int r = from; r < to; r++) {
                        kernels.norms()
                                .layerNorm(
                                        target.values(),
                                        target.offset(r),
                                        source.values(),
                                        source.offset(r),
                                        columns,
                                        gains,
                                        biases,
                                        epsilon,
                                        mine.totals);
                    }
                });
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, @Nullable Tensor bias, int rows) {
        PlacedWeights weights = PlacedWeights.of(weight);
        HostTensor source = HostTensor.of(in, rows, weights.columns());
        HostTensor target = HostTensor.of(out, rows, weights.rows());
        float[] biases = bias == null ? null : PlacedWeights.of(bias).vector(weights.rows());
        if (rows == 0) {
            return;
        }
        if (manyRows.takes(weights, rows)) {
            manyRows.multiply(target, source, weights, biases, rows);
            return;
        }
        Shares shares = Shares.of(weights, rows, products.unit(weights), team.size());
        long stamp = stamps;
        stamps += shares.passes();
        team.run(
                shares.chunks(),
                (chunk, worker) -> {
                    int first = shares.pass(chunk) * shares.passRows();
                    int count = Math.min(shares.passRows(), rows - first);
                    int from = shares.from(chunk);
                    int width = Math.min(shares.rangeRows(), weights.rows() - from);
                    Scratch mine = scratch[worker];
                    mine.results = Scratch.grown(mine.results, Math.multiplyExact(count, width));
                    long passStamp = stamp + shares.pass(chunk);
                    products.multiply(
                            weights,
                            from,
                            from + width,
                            new Products.Pass(source, null, null, first, count, passStamp),
                            mine,
                            mine.results);
                    ManyRows.store(target, first, from, count, width, mine.results, biases);
                });
    }

    @Override
    public void route(Routing routing, Tensor scores, int rows) {
        HostTensor source = HostTensor.of(scores, rows);
        float[] logits = new float[source.columns()];
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(
                    source.values(),
                    ValueLayout.JAVA_FLOAT,
                    source.offset(r),
                    logits,
                    0,
                    logits.length);
            routing.choose(r, logits);
        }
    }

    @Override
    public void experts(Tensor out, Tensor in, ExpertWeights weights, Routing routing, int rows) {
        HostTensor source = HostTensor.of(in, rows);
        HostTensor target = HostTensor.of(out, rows, source.columns());
        stamps = experts.run(target, source, weights, routing, rows, stamps);
    }

    @Override
    public void rotate(Tensor heads, int headSize, int[] positions, RopeTable table, int rows) {
        HostTensor target = HostTensor.of(heads, rows);
        if (headSize < 2 * table.frequencies().length || target.columns() % headSize != 0) {
            throw new IllegalArgumentException(
                    "heads of "
                            + headSize
                            + " in "
                            + target
                            + " for "
                            + table.frequencies().length
                            + " frequencies");
        }
        if (!angles.of(table.frequencies())) {
            RopeAngles turned = otherAngles;
            otherAngles = angles;
            angles = turned;
        }
        angles.prepare(table.frequencies(), positions, rows);
        RopeAngles prepared = angles;
        share(
                rows,
                target.columns(),
                (from, to, mine) -> {
                    for (int r = from; r < to; r++) {
                        prepared.rotate(target, r, headSize, table.adjacent());
                    }
                });
    }

    @Override
    public void scale(Tensor target, float[] factors, int rows) {
        HostTensor values = HostTensor.of(target, rows);
        share(
                rows,
                values.columns(),
                (from, to, mine) -> {
                    for (int r = from; r < to; r++) {
                        kernels.elements()
                                .scale(
                                        values.values(),
                                        values.offset(r),
                                        values.columns(),
                                        factors[r]);
                    }
                });
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
        }
        // By head, not by row: neighbouring positions share cache lines of keys.
        share(
                format.kvHeads(),
                rows * format.headSize() * 4,
                (from, to, mine) -> {
                    for (int head = from; head < to; head++) {
                        for (int r = 0; r < rows; r++) {
                            cache.write(layer, head, spans.slots[r], newKeys, newValues, r);
                        }
                    }
                });
    }

    @Override
    public void attend(
            Tensor out, Tensor queries, KvPages pages, int layer, AttentionSpans spans, int rows) {
        HostTensor source = HostTensor.of(queries, rows);
        HostTensor target = HostTensor.of(out, rows, source.columns());
        attention.run(target, source, HostKvPages.of(pages), layer, spans, rows);
    }

    @Override
    public void gate(Tensor gate, Tensor up, int rows) {
        HostTensor target = HostTensor.of(gate, rows);
        HostTensor factor = HostTensor.of(up, rows, target.columns());
        share(
                rows,
                target.columns(),
                (from, to, mine) -> {
                    for (int r = from; r < to; r++) {
                        kernels.elements()
                                .gate(
                                        target.values(),
                                        target.offset(r),
                                        factor.values(),
                                        factor.offset(r),
                                        target.columns());
                    }
                });
    }

    @Override
    public void gelu(Tensor target, int rows) {
        HostTensor values = HostTensor.of(target, rows);
        share(
                rows,
                values.columns(),
                (from, to, mine) -> {
                    for (int r = from; r < to; r++) {
                        kernels.elements()
                                .gelu(values.values(), values.offset(r), values.columns());
                    }
                });
    }

    @Override
    public void add(Tensor target, Tensor addend, int rows) {
        HostTensor sum = HostTensor.of(target, rows);
        HostTensor other = HostTensor.of(addend, rows, sum.columns());
        share(
                rows,
                sum.columns(),
                (from, to, mine) -> {
                    for (int r = from; r < to; r++) {
                        kernels.elements()
                                .add(
                                        sum.values(),
                                        sum.offset(r),
                                        other.values(),
                                        other.offset(r),
                                        sum.columns());
                    }
                });
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
        team.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
