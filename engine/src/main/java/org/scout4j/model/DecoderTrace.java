package org.scout4j.model;

import org.scout4j.backend.Routing;
import org.scout4j.backend.Tensor;

/**
 * Looks on while a decoder computes; for tests and for people who compare implementations. Tensors
 * are read in the call, through the backend that made them, and change afterwards.
 */
public interface DecoderTrace {

    /**
     * The residual stream before a layer; after the last layer once more, with {@code layer} =
     * number of layers.
     */
    default void hidden(int layer, Tensor hidden, int rows) {}

    /** The router's logits and choice in an expert layer. */
    default void routed(int layer, Tensor scores, Routing routing, int rows) {}
}
