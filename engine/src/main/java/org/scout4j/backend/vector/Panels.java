package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;

/**
 * Products of decoded weights.
 *
 * <p>Each sum of a weight row and an activation row is kept as {@link #GROUP} partial sums: partial
 * sum s adds the products of columns s, s + GROUP, s + 2 · GROUP… in this order by fused
 * multiply-add; at the end they are added as a tree of halves. All kernels follow it, whatever the
 * number of rows at once and the width of the vectors, so a row's result depends on nothing else.
 *
 * <p>The vectors of a group belong to different partial sums, each a chain of dependent operations.
 * A panel holds {@link #ROWS} rows of weights for up to {@link #GROUPS} groups, chain by chain:
 * vector v of group g of row r lies at {@code (v * CHAIN + g * ROWS + r) * lanes}. Activations are
 * packed likewise in pairs of rows, the last one of an odd number alone: vector v of group g of row
 * t at {@code ((v * groups + g) * 2 + t) * lanes}. Rows are filled up with zeros to whole groups.
 */
interface Panels {
    /** Columns after which the partial sums begin again: a block of most formats. */
    int GROUP = 32;

    /** Weight rows of a panel: with two activation rows, 12 sums fit 16 vector registers. */
    int ROWS = 6;

    /** Groups of a full panel: 1024 columns, so that one chain of a panel fits the first cache. */
    int GROUPS = 32;

    /** Vectors from one chain of a panel to the next. */
    int CHAIN = GROUPS * ROWS;

    /** Whether registers are enough for {@link #multiplyFour}; else it is correct but slow. */
    boolean four();

    /**
     * Continues the partial sums of a panel with two pairs of packed activation rows.
     *
     * @param panelAt where the panel begins
     * @param xAt where the panel's first group begins in the first chain of the first pair
     * @param xNext from there to the same place of the second pair
     * @param xChain from one chain of {@code x} to the next
     * @param groups how many groups of columns
     * @param sums for each chain of a pair, ROWS vectors for its first activation row, then ROWS
     *     for the second
     * @param sumsNext from the sums of the first pair to those of the second
     */
    void multiplyFour(
            float[] panel,
            int panelAt,
            float[] x,
            int xAt,
            int xNext,
            int xChain,
            int groups,
            float[] sums,
            int sumsAt,
            int sumsNext);

    /** The same with a single pair. */
    void multiplyTwo(
            float[] panel,
            int panelAt,
            float[] x,
            int xAt,
            int xChain,
            int groups,
            float[] sums,
            int sumsAt);

    /** The same with a single activation row: ROWS vectors for each chain. */
    void multiplyOne(
            float[] panel,
            int panelAt,
            float[] x,
            int xAt,
            int xChain,
            int groups,
            float[] sums,
            int sumsAt);

    /**
     * Adds up partial sums: those of {@code rows} weight rows with one activation row.
     *
     * @param at where the first vector of the first row lies
     * @param step from one vector of a group to the next
     * @param totals receives {@code rows} totals
     */
    void total(float[] sums, int at, int step, int rows, float[] totals);

    /**
     * Continues the sums of input-major weights: lanes are outputs, {@code sums[v] += x[c] *
     * tile[at + c * width + v]} for ROWS vectors v and c = 0, 1, 2….
     *
     * @param width elements from one input to the next in {@code tile}
     * @param x0 where the inputs of the first activation row begin
     * @param x1 where those of the second begin
     */
    void multiplyInputsTwo(
            float[] tile,
            int at,
            int width,
            int inputs,
            float[] x,
            int x0,
            int x1,
            float[] sums,
            int sumsAt);

    /** The same for a single activation row. */
    void multiplyInputsOne(
            float[] tile,
            int at,
            int width,
            int inputs,
            float[] x,
            int x0,
            float[] sums,
            int sumsAt);

    /**
     * Copies activations times a factor. Vector v of group g goes to {@code to[at + v * chain + g *
     * next]}; the last group is filled up with zeros.
     *
     * @param start byte of the first activation
     */
    void pack(
            MemorySegment from,
            long start,
            int count,
            float factor,
            float[] to,
            int at,
            int chain,
            int next);

    /** Copies decoded weights into a row's place in a panel, filled up likewise. */
    void spread(float[] from, int start, int count, float[] panel, int at);

    /**
     * Multiplies a row's place in a panel by a factor.
     *
     * @param at where the row's first vector of the first group lies
     * @param groups how many groups from there on
     */
    void scale(float[] panel, int at, int groups, float factor);
}
