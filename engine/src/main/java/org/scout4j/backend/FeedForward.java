package org.scout4j.backend;

import org.jspecify.annotations.Nullable;

/**
 * The second half of a layer; prepared once.
 *
 * @param input the norm before it, the gate and up matrices (dense, or of the expert that all
 *     tokens share) and, in an expert layer, the router
 * @param down [hidden, width]
 * @param gated buffer [rows, width] for the gate's product, one of {@code input}'s outs
 * @param upped buffer [rows, width] for the up matrix' product, one of {@code input}'s outs
 * @param out buffer [rows, hidden]
 * @param routed the routed experts, or null in a dense layer
 */
public record FeedForward(
        Projection input,
        Linear down,
        Tensor gated,
        Tensor upped,
        Tensor out,
        @Nullable Routed routed) {

    /**
     * The routed experts of a layer.
     *
     * @param scores buffer [rows, experts] of router logits, one of {@code input}'s outs
     * @param routing receives the choice
     */
    public record Routed(Tensor scores, Routing routing, ExpertWeights experts) {}
}
