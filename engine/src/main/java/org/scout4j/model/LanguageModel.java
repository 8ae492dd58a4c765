package org.scout4j.model;

import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;

/**
 * Computes steps. One thread calls it at a time. The logits of a row depend on its sequence's
 * tokens alone, bit for bit: not on the other rows, nor on how the sequence was cut into steps.
 */
public interface LanguageModel extends AutoCloseable {

    /** Number of token ids; the length of a row of logits. */
    int vocabulary();

    /** What the cache of this model looks like. */
    CacheShape cacheShape();

    /** Most rows in one step. */
    int maxRows();

    /** Most rows of one step whose logits can be asked for. */
    int maxLogitRows();

    /**
     * Computes the rows of a batch, storing their keys and values in the cache.
     *
     * @return logits of the rows that wanted them, in order
     */
    Logits forward(Batch batch, KvCache cache);

    /** Frees what the model holds. */
    @Override
    void close();
}
