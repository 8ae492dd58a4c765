package org.scout4j.backend;

import org.jspecify.annotations.Nullable;

/**
 * What one layer does between its projections; prepared once.
 *
 * @param queries [rows, heads * headSize]
 * @param keys [rows, kvHeads * headSize]
 * @param values [rows, kvHeads * headSize]
 * @param queryHeads the queries seen as [rows * heads, headSize]
 * @param keyHeads the keys seen as [rows * kvHeads, headSize]
 * @param out receives the weighted values, [rows, heads * headSize]
 * @param rope rotation of queries and keys, or null for none
 * @param normaliseHeads RMS-normalise queries and keys per head, after rotation
 * @param epsilon of that norm
 * @param tempered multiply queries by the step's temperature factors
 * @param layer index within its group of layers
 */
public record Attention(
        Tensor queries,
        Tensor keys,
        Tensor values,
        Tensor queryHeads,
        Tensor keyHeads,
        Tensor out,
        int heads,
        int kvHeads,
        int headSize,
        @Nullable RopeTable rope,
        boolean normaliseHeads,
        float epsilon,
        boolean tempered,
        int layer) {}
