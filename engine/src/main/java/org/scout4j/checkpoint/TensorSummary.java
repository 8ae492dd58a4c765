package org.scout4j.checkpoint;

import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/**
 * One tensor as stored.
 *
 * @param bytes size in the file
 */
public record TensorSummary(String name, DType dtype, Shape shape, long bytes) {}
