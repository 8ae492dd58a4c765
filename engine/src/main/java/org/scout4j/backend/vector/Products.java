package org.scout4j.backend.vector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.HostTensor;
import org.scout4j.checkpoint.TensorSource.Scales;

/**
 * Multiplies some rows of a matrix of weights with a few rows of activations, by one worker. Which
 * kernel does it follows from the weights and the number of activation rows; the numbers do not
 * depend on that (see {@link Panels}).
 */
final class Products {
    /** Activation rows multiplied with decoded weights before these are forgotten. */
    static final int PASS = 64;

    /** Panels whose sums are kept while a range of columns of the activations is in cache. */
    private static final int STRIPS = 2;

    /** Columns of a full panel, and its length. */
    private static final int PANEL_COLUMNS = Panels.GROUPS * Panels.GROUP;

    /** Panels begin at multiples of it: where the blocks of every format begin. */
    private static final int WHOLE_BLOCKS = 256;

    private static final int PANEL = PANEL_COLUMNS * Panels.ROWS;

    private static final int NOT_DECODED = -1;

    private final Kernels kernels;
    private final InputProducts inputs;
    private final int lanes;

    Products(Kernels kernels) {
        this.kernels = kernels;
        this.inputs = new InputProducts(kernels);
        this.lanes = kernels.lanes();
    }

    /** A good number of weight rows to multiply at once is a multiple of this. */
    int unit(PlacedWeights weights) {
        return weights.run != null
                ? InputProducts.TILE_PANELS * Panels.ROWS * lanes
                : STRIPS * Panels.ROWS;
    }

    /**
     * The activations of a pass: {@code rows[first…first + count − 1]} of {@code in} times their
     * factors.
     *
     * @param rows which rows, or null for the identity
     * @param factors one for each of {@code rows}, or null for 1
     * @param stamp distinguishes this pass from all others: what a worker has packed is used again
     */
    record Pass(
            HostTensor in,
            int @Nullable [] rows,
            float @Nullable [] factors,
            int first,
            int count,
            long stamp) {}

    /**
     * Multiplies weight rows {@code from} … {@code to − 1}.
     *
     * @param results receives {@code [pass.count, to − from]}
     */
    void multiply(
            PlacedWeights weights, int from, int to, Pass pass, Scratch scratch, float[] results) {
        if (weights.run != null) {
            pack(pass, scratch, Packing.NATURAL);
            inputs.multiply(weights, weights.run, from, to, pass.count, scratch, results);
        } else if (weights.format != null && weights.direct() && pass.count == 1) {
            pack(pass, scratch, Packing.NATURAL);
            multiplyRow(weights, weights.format, from, to, scratch, results);
        } else {
            pack(pass, scratch, Packing.CHAINS);
            scratch.panel = Scratch.grown(scratch.panel, PANEL);
            multiplyStrips(weights, from, to, scratch.x, 0, pass.count, false, scratch, results);
        }
    }

    /** Whether {@link #multiplyDecoded} can take the weights. */
    static boolean decodable(PlacedWeights weights) {
        return weights.run == null;
    }

    /** Floats of the panels that {@link #decode} makes of each weight row, roughly. */
    static int decodedLength(PlacedWeights weights) {
        return Math.ceilDiv(weights.columns(), PANEL_COLUMNS) * PANEL_COLUMNS;
    }

    /** Packs rows {@code first} … {@code first + count − 1}, from {@code at} on. */
    void packChains(HostTensor in, int first, int count, float[] to, int at) {
        pack(new Pass(in, null, null, first, count, 0), to, at, Packing.CHAINS);
    }

    /** Decodes weight rows {@code from} … {@code to − 1} for {@link #multiplyDecoded}. */
    void decode(PlacedWeights weights, int from, int to, Scratch scratch) {
        int strips = Math.ceilDiv(to - from, Panels.ROWS);
        int floats = Math.multiplyExact(strips * Panels.ROWS, decodedLength(weights));
        scratch.panel = Scratch.aligned(scratch.panel, floats);
        scratch.sums = Scratch.aligned(scratch.sums, 0);
        int columns = weights.columns();
        int width = panelColumns(columns);
        int at = Scratch.LINE;
        for (int row = from; row < to; row += Panels.ROWS) {
            int end = Math.min(to, row + Panels.ROWS);
            if (weights.format == null) {
                decodeRows(weights, row, end, scratch);
            }
            for (int column = 0; column < columns; column += width) {
                int n = Math.min(width, columns - column);
                fillPanel(weights, row, 0, end - row, column, n, scratch, at);
                at += PANEL;
            }
        }
    }

    /**
     * As {@link #multiply} for weight rows that were decoded last.
     *
     * @param x packed activations, {@code count} rows from {@code xAt} on
     */
    void multiplyDecoded(
            PlacedWeights weights,
            int from,
            int to,
            float[] x,
            int xAt,
            int count,
            Scratch scratch,
            float[] results) {
        multiplyStrips(weights, from, to, x, xAt, count, true, scratch, results);
    }

    private void multiplyStrips(
            PlacedWeights weights,
            int from,
            int to,
            float[] x,
            int xAt,
            int count,
            boolean decoded,
            Scratch scratch,
            float[] results) {
        int step = STRIPS * Panels.ROWS;
        int stepPanels = STRIPS * Math.ceilDiv(weights.columns(), PANEL_COLUMNS) * PANEL;
        int panels = decoded ? Scratch.LINE : NOT_DECODED;
        for (int row = from; row < to; row += step) {
            int end = Math.min(to, row + step);
            multiplyPanels(
                    weights,
                    row,
                    end,
                    x,
                    xAt,
                    count,
                    panels,
                    scratch,
                    results,
                    row - from,
                    to - from);
            panels += decoded ? stepPanels : 0;
        }
    }

    /** How activations lie in a worker's scratch. */
    private enum Packing {
        /** Row after row. */
        NATURAL,
        /** As {@link Panels} says. */
        CHAINS
    }

    private void pack(Pass pass, Scratch scratch, Packing packing) {
        long stamp = 2 * pass.stamp + packing.ordinal();
        if (scratch.packed == stamp) {
            return;
        }
        int length = Math.multiplyExact(pass.count, padded(pass.in.columns()));
        scratch.x = Scratch.grown(scratch.x, length);
        pack(pass, scratch.x, 0, packing);
        scratch.packed = stamp;
    }

    private void pack(Pass pass, float[] to, int begin, Packing packing) {
        int columns = pass.in.columns();
        int padded = padded(columns);
        for (int t = 0; t < pass.count; t++) {
            int row = pass.rows == null ? pass.first + t : pass.rows[pass.first + t];
            float factor = pass.factors == null ? 1 : pass.factors[pass.first + t];
            int at = begin + t * padded;
            int chain = lanes;
            int next = Panels.GROUP;
            if (packing == Packing.CHAINS) {
                boolean paired = (t | 1) < pass.count;
                next = paired ? 2 * lanes : lanes;
                chain = padded / Panels.GROUP * next;
                at = begin + (t & ~1) * padded + (t & 1) * lanes;
            }
            kernels.panels()
                    .pack(
                            pass.in.values(),
                            pass.in.offset(row),
                            columns,
                            factor,
                            to,
                            at,
                            chain,
                            next);
        }
    }

    /** Columns filled up to whole groups. */
    static int padded(int columns) {
        return Math.multiplyExact(Math.ceilDiv(columns, Panels.GROUP), Panels.GROUP);
    }

    /** Columns of each panel of such a row, about as many in each. */
    private static int panelColumns(int columns) {
        int panels = Math.ceilDiv(columns, PANEL_COLUMNS);
        return Math.ceilDiv(Math.ceilDiv(columns, panels), WHOLE_BLOCKS) * WHOLE_BLOCKS;
    }

    private void multiplyRow(
            PlacedWeights weights,
            RowFormat format,
            int from,
            int to,
            Scratch scratch,
            float[] results) {
        scratch.sums = Scratch.grown(scratch.sums, Panels.GROUP);
        for (int row = from; row < to; row++) {
            long start = weights.rowOffset(row, 0);
            format.multiply(
                    weights.bytes(),
                    start,
                    weights.columns(),
                    scratch.x,
                    scratch.sums,
                    scratch.spare);
            kernels.panels().total(scratch.sums, 0, lanes, 1, scratch.totals);
            results[row - from] = scratch.totals[0];
        }
    }

    /**
     * At most STRIPS panels' worth of rows: for one range of columns after the other, decodes the
     * panels and multiplies each with all activation rows.
     *
     * @param decoded where the panels lie, all of a strip one after the other; NOT_DECODED: they
     *     are made here
     * @param results receives {@code [count, to − from]} at {@code at}, rows {@code width} apart
     */
    private void multiplyPanels(
            PlacedWeights weights,
            int from,
            int to,
            float[] x,
            int xAt,
            int count,
            int decoded,
            Scratch scratch,
            float[] results,
            int at,
            int width) {
        int columns = weights.columns();
        int panelColumns = panelColumns(columns);
        int stripPanels = Math.ceilDiv(columns, panelColumns) * PANEL;
        int stripSums = count * Panels.ROWS * Panels.GROUP;
        int strips = Math.ceilDiv(to - from, Panels.ROWS);
        int begin = Scratch.LINE;
        scratch.sums = Scratch.grown(scratch.sums, begin + strips * stripSums);
        Arrays.fill(scratch.sums, begin, begin + strips * stripSums, 0);
        if (decoded == NOT_DECODED && weights.format == null) {
            decodeRows(weights, from, to, scratch);
        }
        for (int column = 0; column < columns; column += panelColumns) {
            int n = Math.min(panelColumns, columns - column);
            for (int strip = 0; strip < strips; strip++) {
                int panelAt = decoded + strip * stripPanels + column / panelColumns * PANEL;
                if (decoded == NOT_DECODED) {
                    int first = strip * Panels.ROWS;
                    int rows = Math.min(Panels.ROWS, to - from - first);
                    panelAt = 0;
                    fillPanel(weights, from, first, rows, column, n, scratch, panelAt);
                }
                int sumsAt = begin + strip * stripSums;
                multiplyPanel(padded(columns), column, n, x, xAt, count, panelAt, scratch, sumsAt);
            }
        }
        for (int strip = 0; strip < strips; strip++) {
            int first = strip * Panels.ROWS;
            int rows = Math.min(Panels.ROWS, to - from - first);
            for (int t = 0; t < count; t++) {
                boolean paired = (t | 1) < count;
                int start = (t & ~1) * Panels.ROWS * Panels.GROUP + (t & 1) * Panels.ROWS * lanes;
                int step = (paired ? 2 : 1) * Panels.ROWS * lanes;
                kernels.panels()
                        .total(
                                scratch.sums,
                                begin + strip * stripSums + start,
                                step,
                                rows,
                                scratch.totals);
                System.arraycopy(scratch.totals, 0, results, at + t * width + first, rows);
            }
        }
    }

    private void decodeRows(PlacedWeights weights, int from, int to, Scratch scratch) {
        int columns = weights.columns();
        int length = Math.multiplyExact(STRIPS * Panels.ROWS, columns);
        scratch.decoded = Scratch.grown(scratch.decoded, length);
        for (int row = from; row < to; row++) {
            weights.decode(row, scratch.decoded, (row - from) * columns);
        }
    }

    /** Decodes n columns of rows {@code from + first} … into the panel at {@code panelAt}. */
    private void fillPanel(
            PlacedWeights weights,
            int from,
            int first,
            int rows,
            int column,
            int n,
            Scratch scratch,
            int panelAt) {
        for (int r = 0; r < rows; r++) {
            fill(weights, from, first + r, column, n, scratch, panelAt + r * lanes);
        }
    }

    /** Decodes n columns of row {@code from + row} into the panel. */
    private void fill(
            PlacedWeights weights,
            int from,
            int row,
            int column,
            int n,
            Scratch scratch,
            int panelAt) {
        if (weights.format != null) {
            long start = weights.rowOffset(from + row, column);
            weights.format.decode(weights.bytes(), start, n, scratch.panel, panelAt, scratch.spare);
            if (weights.scales != null) {
                scale(weights, weights.scales, from + row, column, n, scratch.panel, panelAt);
            }
        } else {
            int start = row * weights.columns() + column;
            kernels.panels().spread(scratch.decoded, start, n, scratch.panel, panelAt);
        }
    }

    /** Multiplies n decoded columns by the factors kept beside the weights. */
    private void scale(
            PlacedWeights weights,
            Scales scales,
            int row,
            int column,
            int n,
            float[] panel,
            int panelAt) {
        int width = (int) Math.min(scales.columnsPerGroup(), weights.columns());
        int done = 0;
        while (done < n) {
            int count = Math.min(width - (column + done) % width, n - done);
            float factor = weights.factor(scales, row, column + done);
            int at = panelAt + done / Panels.GROUP * Panels.ROWS * lanes;
            kernels.panels().scale(panel, at, Math.ceilDiv(count, Panels.GROUP), factor);
            done += count;
        }
    }

    /** Multiplies a panel, which holds n columns from {@code column} on, with all rows. */
    private void multiplyPanel(
            int padded,
            int column,
            int n,
            float[] x,
            int xAt,
            int count,
            int panelAt,
            Scratch scratch,
            int sumsAt) {
        Panels panels = kernels.panels();
        int groups = Math.ceilDiv(n, Panels.GROUP);
        int chain = padded / Panels.GROUP * lanes;
        int skipped = column / Panels.GROUP * lanes;
        int rowSums = Panels.ROWS * Panels.GROUP;
        int t = 0;
        for (; panels.four() && t + 3 < count; t += 4) {
            panels.multiplyFour(
                    scratch.panel,
                    panelAt,
                    x,
                    xAt + t * padded + 2 * skipped,
                    2 * padded,
                    2 * chain,
                    groups,
                    scratch.sums,
                    sumsAt + t * rowSums,
                    2 * rowSums);
        }
        for (; t + 1 < count; t += 2) {
            panels.multiplyTwo(
                    scratch.panel,
                    panelAt,
                    x,
                    xAt + t * padded + 2 * skipped,
                    2 * chain,
                    groups,
                    scratch.sums,
                    sumsAt + t * rowSums);
        }
        if (t < count) {
            panels.multiplyOne(
                    scratch.panel,
                    panelAt,
                    x,
                    xAt + t * padded + skipped,
                    chain,
                    groups,
                    scratch.sums,
                    sumsAt + t * rowSums);
        }
    }
}
