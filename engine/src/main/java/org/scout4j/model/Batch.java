package org.scout4j.model;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.Tensor;
import org.scout4j.cache.PageTable;

/**
 * The tokens of one step: rows of one or several sequences, each sequence's rows consecutive and in
 * order. Made once and refilled each step.
 */
public final class Batch {
    private final int[] tokens;
    private final int[] positions;
    private final PageTable[] tables;
    private final int[] logitRows;
    private final int[] shownRows;
    private final int[] featureRows;
    private @Nullable Tensor features;
    private int rows;
    private int logitCount;
    private int shown;

    /**
     * @param rows most rows in a step
     * @param logitRows most rows of a step whose logits can be asked for
     */
    public Batch(int rows, int logitRows) {
        this.tokens = new int[rows];
        this.positions = new int[rows];
        this.tables = new PageTable[rows];
        this.logitRows = new int[logitRows];
        this.shownRows = new int[rows];
        this.featureRows = new int[rows];
    }

    /** Which rows of a sequence's tokens the caller wants logits for. */
    public enum LogitRows {
        NONE,
        LAST,
        ALL
    }

    /** Empties the batch. */
    public void clear() {
        Arrays.fill(tables, 0, rows, null);
        rows = 0;
        logitCount = 0;
        shown = 0;
        features = null;
    }

    /**
     * Adds the next tokens of a sequence and takes the cache pages they need. Logits come back in
     * the order in which rows were added.
     *
     * @param table the sequence's pages; its length is the position of the first token added
     * @param source holds the token ids from {@code from} on
     * @throws IllegalStateException if rows or logit rows exceed the capacity
     */
    public void add(PageTable table, int[] source, int from, int count, LogitRows wanted) {
        Objects.checkFromIndexSize(from, count, source.length);
        int wantedRows =
                switch (wanted) {
                    case NONE -> 0;
                    case LAST -> Math.min(1, count);
                    case ALL -> count;
                };
        if (count > remainingRows() || wantedRows > remainingLogitRows()) {
            throw new IllegalStateException(
                    "batch of "
                            + tokens.length
                            + " rows, "
                            + logitRows.length
                            + " with logits, cannot take "
                            + count
                            + " and "
                            + wantedRows
                            + " more");
        }
        int position = table.length();
        table.extend(count);
        for (int i = 0; i < count; i++) {
            tokens[rows] = source[from + i];
            positions[rows] = position + i;
            tables[rows] = table;
            if (i >= count - wantedRows) {
                logitRows[logitCount++] = rows;
            }
            rows++;
        }
    }

    /**
     * Lets a row show a part of an image: the decoder takes a row of features in place of its
     * token's embedding.
     *
     * @param from features of width "hidden", the same for all rows of the batch
     */
    public void show(int row, Tensor from, int featureRow) {
        if (features != null && features != from) {
            throw new IllegalArgumentException("features of one batch lie in one tensor");
        }
        features = from;
        shownRows[shown] = Objects.checkIndex(row, rows);
        featureRows[shown++] = featureRow;
    }

    /** Rows that show a part of an image; valid up to {@link #shown()}. */
    public int[] shownRows() {
        return shownRows;
    }

    /** What they show: rows of {@link #features()}. */
    public int[] featureRows() {
        return featureRows;
    }

    /** Number of rows that show a part of an image. */
    public int shown() {
        return shown;
    }

    /** Where the features are; null without images. */
    public @Nullable Tensor features() {
        return features;
    }

    public int rows() {
        return rows;
    }

    public int remainingRows() {
        return tokens.length - rows;
    }

    public int remainingLogitRows() {
        return logitRows.length - logitCount;
    }

    /** Most rows in a step. */
    public int capacity() {
        return tokens.length;
    }

    /** Number of rows whose logits are wanted. */
    public int logitCount() {
        return logitCount;
    }

    public int token(int row) {
        return tokens[row];
    }

    public int position(int row) {
        return positions[row];
    }

    public PageTable table(int row) {
        return tables[row];
    }

    /** Token ids by row; valid up to {@link #rows()}. */
    public int[] tokens() {
        return tokens;
    }

    /** Positions by row; valid up to {@link #rows()}. */
    public int[] positions() {
        return positions;
    }

    /** Rows whose logits are wanted; valid up to {@link #logitCount()}. */
    public int[] logitRows() {
        return logitRows;
    }
}
