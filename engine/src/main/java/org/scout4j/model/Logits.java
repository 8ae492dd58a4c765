package org.scout4j.model;

/** The logits that one step computed; valid until the next step. */
public interface Logits {

    /** Number of rows: {@link Batch#logitCount()} of the step. */
    int rows();

    /**
     * Copies one row.
     *
     * @param into receives the logits of every token id, in order; at least as long as the
     *     vocabulary
     */
    void read(int row, float[] into);
}
