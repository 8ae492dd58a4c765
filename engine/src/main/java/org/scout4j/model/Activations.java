package org.scout4j.model;

import java.util.HashMap;
import java.util.Map;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Routing;
import org.scout4j.backend.Tensor;
import org.scout4j.model.DecoderPlan.AttentionPlan;
import org.scout4j.model.DecoderPlan.FeedForwardPlan;

/**
 * The buffers that a step computes in, made once for the largest step. Layers share them; those
 * whose width differs from layer to layer exist once a width.
 */
final class Activations {
    private final Backend backend;
    private final int maxRows;

    /** The residual stream, [rows, hidden]. */
    final Tensor hidden;

    final Tensor normed;
    final Tensor projected;
    final Tensor queries;
    final Tensor keys;
    final Tensor values;
    final Tensor queryHeads;
    final Tensor keyHeads;
    final Tensor attended;

    /** Rows whose logits are wanted, [logit rows, hidden]. */
    final Tensor wanted;

    /** [logit rows, vocabulary]. */
    final Tensor logits;

    private final Map<Integer, Gated> gated = new HashMap<>();
    private final Map<Integer, Tensor> scores = new HashMap<>();
    private final Map<Integer, Routing> routing = new HashMap<>();

    Activations(Backend backend, DecoderPlan plan, int maxRows, int maxLogitRows) {
        this.backend = backend;
        this.maxRows = maxRows;
        AttentionPlan attention = plan.layers().getFirst().attention();
        int queryWidth = Math.multiplyExact(attention.heads(), attention.headSize());
        int keyWidth = Math.multiplyExact(attention.kvHeads(), attention.headSize());
        hidden = backend.allocate(maxRows, plan.hidden());
        normed = backend.allocate(maxRows, plan.hidden());
        projected = backend.allocate(maxRows, plan.hidden());
        queries = backend.allocate(maxRows, queryWidth);
        keys = backend.allocate(maxRows, keyWidth);
        values = backend.allocate(maxRows, keyWidth);
        queryHeads = backend.view(queries, maxRows * attention.heads(), attention.headSize());
        keyHeads = backend.view(keys, maxRows * attention.kvHeads(), attention.headSize());
        attended = backend.allocate(maxRows, queryWidth);
        wanted = backend.allocate(maxLogitRows, plan.hidden());
        logits = backend.allocate(maxLogitRows, plan.vocabulary());
    }

    /** Buffers for the products of the gate and up matrices of this width. */
    Gated gated(int width) {
        return gated.computeIfAbsent(
                width, w -> new Gated(backend.allocate(maxRows, w), backend.allocate(maxRows, w)));
    }

    /** A buffer for router logits. */
    Tensor scores(FeedForwardPlan.Experts experts) {
        return scores.computeIfAbsent(experts.count(), n -> backend.allocate(maxRows, n));
    }

    /** A place for the router's choice. */
    Routing routing(FeedForwardPlan.Experts experts) {
        return routing.computeIfAbsent(experts.perToken(), n -> new Routing(maxRows, n));
    }

    /** Products of the gate and up matrices, [rows, width] each. */
    record Gated(Tensor gate, Tensor up) {}
}
