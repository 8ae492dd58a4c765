package org.scout4j.model;

/**
 * How large a step may be; buffers are made for this once.
 *
 * @param rows most rows in a step
 * @param logitRows most rows of a step whose logits can be asked for
 * @param pageTokens positions in a cache page
 */
public record DecoderLimits(int rows, int logitRows, int pageTokens) {}
