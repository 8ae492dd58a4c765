package org.scout4j.backend;

import java.util.List;

/**
 * A norm and the matrices that share its result; prepared once for a layer.
 *
 * @param gain of the norm
 * @param normed receives the normalised rows
 * @param linears what multiplies them
 * @param outs receive the products, in the same order
 */
public record Projection(
        Tensor gain, float epsilon, Tensor normed, List<Linear> linears, List<Tensor> outs) {
    public Projection {
        linears = List.copyOf(linears);
        outs = List.copyOf(outs);
    }
}
