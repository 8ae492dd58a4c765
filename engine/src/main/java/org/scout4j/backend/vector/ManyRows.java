package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.HostTensor;

/**
 * Products with more activation rows than a {@linkplain Products#PASS pass} has, as in prefill and
 * in encoding images: rows are packed once for all workers, and each weight is decoded once for all
 * rows. The numbers are those of {@link Products#multiply}.
 */
final class ManyRows {
    /** Packed activations at a time: 16 MB. */
    private static final int PACKED_FLOATS = 1 << 22;

    /** Decoded weights of a chunk: 1 MB, so that they stay in a core's own cache. */
    private static final int DECODED_FLOATS = 1 << 18;

    private static final int CHUNKS_PER_THREAD = 4;

    private final Products products;
    private final WorkerTeam team;
    private final Scratch[] scratch;
    private float[] packed = {};

    ManyRows(Products products, WorkerTeam team, Scratch[] scratch) {
        this.products = products;
        this.team = team;
        this.scratch = scratch;
    }

    /** Whether this is the way to multiply so many activation rows. */
    boolean takes(PlacedWeights weights, int rows) {
        return rows > Products.PASS
                && Products.decodable(weights)
                && Products.padded(weights.columns()) <= PACKED_FLOATS / Products.PASS;
    }

    void multiply(
            HostTensor out,
            HostTensor in,
            PlacedWeights weights,
            float @Nullable [] biases,
            int rows) {
        int most = PACKED_FLOATS / Products.padded(weights.columns());
        int parts = Math.ceilDiv(rows, most);
        for (int part = 0; part < parts; part++) {
            int first = (int) ((long) rows * part / parts);
            int end = (int) ((long) rows * (part + 1) / parts);
            multiply(out, in, weights, biases, first, end - first);
        }
    }

    private void multiply(
            HostTensor out,
            HostTensor in,
            PlacedWeights weights,
            float @Nullable [] biases,
            int firstRow,
            int rows) {
        int length = Products.padded(weights.columns());
        packed = Scratch.aligned(packed, rows * length);
        float[] x = packed;
        int passes = Math.ceilDiv(rows, Products.PASS);
        // Fours, so that only the last activation rows may have to go alone.
        int passRows = Math.ceilDiv(Math.ceilDiv(rows, passes), 4) * 4;
        team.run(
                passes,
                (pass, worker) -> {
                    int first = pass * passRows;
                    int count = Math.min(passRows, rows - first);
                    if (count > 0) {
                        products.packChains(
                                in, firstRow + first, count, x, Scratch.LINE + first * length);
                    }
                });
        int width = rangeRows(weights);
        team.run(
                Math.ceilDiv(weights.rows(), width),
                (chunk, worker) -> {
                    Scratch mine = scratch[worker];
                    int from = chunk * width;
                    int to = Math.min(weights.rows(), from + width);
                    mine.results = Scratch.grown(mine.results, passRows * width);
                    products.decode(weights, from, to, mine);
                    for (int first = 0; first < rows; first += passRows) {
                        int count = Math.min(passRows, rows - first);
                        int at = Scratch.LINE + first * length;
                        products.multiplyDecoded(
                                weights, from, to, x, at, count, mine, mine.results);
                        store(out, firstRow + first, from, count, to - from, mine.results, biases);
                    }
                });
    }

    /** Weight rows of a chunk: few enough for the cache, and for all threads to have some. */
    private int rangeRows(PlacedWeights weights) {
        int fitting = DECODED_FLOATS / Products.decodedLength(weights);
        int fair = Math.ceilDiv(weights.rows(), CHUNKS_PER_THREAD * team.size());
        int unit = products.unit(weights);
        return Math.max(1, Math.ceilDiv(Math.min(fitting, fair), unit)) * unit;
    }

    /** Stores {@code results[count, width]} with their biases. */
    static void store(
            HostTensor target,
            int row,
            int column,
            int count,
            int width,
            float[] results,
            float @Nullable [] biases) {
        for (int t = 0; t < count; t++) {
            int at = t * width;
            if (biases != null) {
                for (int i = 0; i < width; i++) {
                    results[at + i] += biases[column + i];
                }
            }
            MemorySegment.copy(
                    results,
                    at,
                    target.values(),
                    ValueLayout.JAVA_FLOAT,
                    target.offset(row + t) + (long) Float.BYTES * column,
                    width);
        }
    }
}
