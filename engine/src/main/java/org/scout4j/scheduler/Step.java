package org.scout4j.scheduler;

import java.util.Arrays;
import org.scout4j.model.Batch;

/**
 * What one step computes: the batch for the model, and which of its rows belong to which sequence.
 * Made once and refilled each step.
 */
public final class Step {
    private final Batch batch;
    private final Sequence[] sequences;

    /** Logits of entry i are those from {@code logitsFrom[i]} to before {@code [i + 1]}. */
    private final int[] logitsFrom;

    /** Rows of entry i, likewise. */
    private final int[] rowsFrom;

    private int size;

    /**
     * Allocates a step.
     *
     * @param sequences most sequences in a step
     * @param rows most rows in a step
     * @param logitRows most rows whose logits can be asked for
     */
    public Step(int sequences, int rows, int logitRows) {
        this.batch = new Batch(rows, logitRows);
        this.sequences = new Sequence[sequences];
        this.logitsFrom = new int[sequences + 1];
        this.rowsFrom = new int[sequences + 1];
    }

    void clear() {
        batch.clear();
        Arrays.fill(sequences, 0, size, null);
        size = 0;
    }

    /** Adds the next tokens of a sequence and takes the pages they need. */
    void add(Sequence sequence, int count) {
        batch.add(
                sequence.table(),
                sequence.history().tokens(),
                sequence.computed(),
                count,
                sequence.wantedLogits(count));
        sequences[size++] = sequence;
        logitsFrom[size] = batch.logitCount();
        rowsFrom[size] = batch.rows();
    }

    /** What the model computes. */
    public Batch batch() {
        return batch;
    }

    /** Sequences in this step. */
    public int size() {
        return size;
    }

    /** A sequence of this step. */
    public Sequence sequence(int entry) {
        return sequences[entry];
    }

    /** First row of a sequence; its others follow. */
    public int firstRow(int entry) {
        return rowsFrom[entry];
    }

    /** First position of a sequence that this step computes. */
    public int firstPosition(int entry) {
        return batch.position(rowsFrom[entry]);
    }

    /** Last position of a sequence that this step computes. */
    public int lastPosition(int entry) {
        return batch.position(rowsFrom[entry + 1] - 1);
    }

    /** Index of the first logits that belong to a sequence. */
    public int logitsFrom(int entry) {
        return logitsFrom[entry];
    }

    /** Index after the last logits that belong to a sequence. */
    public int logitsTo(int entry) {
        return logitsFrom[entry + 1];
    }
}
