package org.scout4j.backend;

/**
 * Numbers that a backend holds: weights placed by {@link Backend#place} or activations made by
 * {@link Backend#allocate}. Only the backend that made a tensor can use it.
 */
public interface Tensor {

    /** Rows; 1 for a vector. For activations: the capacity in tokens. */
    int rows();

    /** Elements in a row. */
    int columns();
}
