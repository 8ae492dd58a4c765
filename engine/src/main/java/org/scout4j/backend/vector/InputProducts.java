package org.scout4j.backend.vector;

import java.util.Arrays;

/** The part of {@link Products} for column-major weights. */
final class InputProducts {
    /** Panels side by side in a tile of input-major weights. */
    static final int TILE_PANELS = 8;

    private static final int TILE_INPUTS = 64;

    private final Kernels kernels;
    private final int lanes;

    InputProducts(Kernels kernels) {
        this.kernels = kernels;
        this.lanes = kernels.lanes();
    }

    /**
     * Column-major weights: vectors hold neighbouring outputs, each a chain over all inputs. Tiles
     * are wide, so that a column's weights are read from memory in one go.
     */
    void multiply(
            PlacedWeights weights,
            RunFormat run,
            int from,
            int to,
            int count,
            Scratch scratch,
            float[] results) {
        int columns = weights.columns();
        int panel = Panels.ROWS * lanes;
        int width = TILE_PANELS * panel;
        scratch.panel = Scratch.grown(scratch.panel, TILE_INPUTS * width);
        scratch.sums = Scratch.grown(scratch.sums, count * width);
        for (int output = from; output < to; output += width) {
            int outputs = Math.min(width, to - output);
            Arrays.fill(scratch.sums, 0, count * width, 0);
            for (int column = 0; column < columns; column += TILE_INPUTS) {
                int inputs = Math.min(TILE_INPUTS, columns - column);
                for (int c = 0; c < inputs; c++) {
                    long start = weights.columnOffset(output, column + c);
                    run.decodeRun(weights.bytes(), start, outputs, scratch.panel, c * width);
                }
                for (int p = 0; p * panel < outputs; p++) {
                    multiplyTile(
                            p, width, column, inputs, Products.padded(columns), count, scratch);
                }
            }
            for (int t = 0; t < count; t++) {
                int at = t * (to - from) + output - from;
                for (int o = 0; o < outputs; o += panel) {
                    int n = Math.min(panel, outputs - o);
                    System.arraycopy(scratch.sums, o * count + t * panel, results, at + o, n);
                }
            }
        }
    }

    /** Multiplies one panel of a tile with all activation rows. */
    private void multiplyTile(
            int p, int width, int column, int inputs, int padded, int count, Scratch scratch) {
        Panels panels = kernels.panels();
        int panel = Panels.ROWS * lanes;
        int sumsAt = p * panel * count;
        int t = 0;
        for (; t + 1 < count; t += 2) {
            int x0 = t * padded + column;
            panels.multiplyInputsTwo(
                    scratch.panel,
                    p * panel,
                    width,
                    inputs,
                    scratch.x,
                    x0,
                    x0 + padded,
                    scratch.sums,
                    sumsAt + t * panel);
        }
        if (t < count) {
            panels.multiplyInputsOne(
                    scratch.panel,
                    p * panel,
                    width,
                    inputs,
                    scratch.x,
                    t * padded + column,
                    scratch.sums,
                    sumsAt + t * panel);
        }
    }
}
