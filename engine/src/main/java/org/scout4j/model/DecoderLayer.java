package org.scout4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.Attention;
import org.scout4j.backend.Backend;
import org.scout4j.backend.ExpertWeights;
import org.scout4j.backend.FeedForward;
import org.scout4j.backend.Linear;
import org.scout4j.backend.Projection;
import org.scout4j.backend.RopeTable;
import org.scout4j.backend.Tensor;
import org.scout4j.cache.LayerGroup;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.model.DecoderPlan.AttentionPlan;
import org.scout4j.model.DecoderPlan.FeedForwardPlan;
import org.scout4j.model.DecoderPlan.LayerPlan;
import org.scout4j.model.DecoderPlan.Reach;

/**
 * One layer made ready: its plan, weights and buffers as the backend's coarse operations take them.
 *
 * @param group which positions its cache keeps
 */
record DecoderLayer(
        LayerGroup group,
        Projection attentionInput,
        Attention attention,
        Linear attentionOutput,
        FeedForward feedForward) {

    /**
     * Places the layer's weights.
     *
     * @param number of the layer, for the checkpoint
     * @param numberInGroup of the layer among those of its group
     */
    static DecoderLayer place(
            Backend backend,
            Checkpoint checkpoint,
            DecoderPlan plan,
            Activations activations,
            @Nullable RopeTable rope,
            int number,
            int numberInGroup) {
        LayerPlan layer = plan.layers().get(number);
        Placer placer = new Placer(backend, checkpoint, number);
        return new DecoderLayer(
                group(layer),
                placer.attentionInput(plan, activations),
                attention(layer.attention(), plan, activations, rope, numberInGroup),
                placer.linear(WeightRole.ATTENTION_OUTPUT, WeightRole.ATTENTION_OUTPUT_BIAS),
                placer.feedForward(layer.feedForward(), plan, activations));
    }

    /** Chunked layers keep their chunk, the others everything. */
    static LayerGroup group(LayerPlan layer) {
        return switch (layer.attention().reach()) {
            case Reach.Chunk _ -> LayerGroup.LOCAL;
            case Reach.Everything _ -> LayerGroup.GLOBAL;
        };
    }

    private static Attention attention(
            AttentionPlan attention,
            DecoderPlan plan,
            Activations activations,
            @Nullable RopeTable rope,
            int numberInGroup) {
        return new Attention(
                activations.queries,
                activations.keys,
                activations.values,
                activations.queryHeads,
                activations.keyHeads,
                activations.attended,
                attention.heads(),
                attention.kvHeads(),
                attention.headSize(),
                attention.rotary() ? rope : null,
                attention.normaliseHeads(),
                plan.normEpsilon(),
                attention.tuning().isPresent(),
                numberInGroup);
    }

    /** Places one layer's tensors by role. */
    private record Placer(Backend backend, Checkpoint checkpoint, int layer) {

        Projection attentionInput(DecoderPlan plan, Activations activations) {
            return new Projection(
                    tensor(WeightRole.ATTENTION_NORM, 0),
                    plan.normEpsilon(),
                    activations.normed,
                    List.of(
                            linear(WeightRole.QUERY, WeightRole.QUERY_BIAS),
                            linear(WeightRole.KEY, WeightRole.KEY_BIAS),
                            linear(WeightRole.VALUE, WeightRole.VALUE_BIAS)),
                    List.of(activations.queries, activations.keys, activations.values));
        }

        FeedForward feedForward(
                FeedForwardPlan feedForward, DecoderPlan plan, Activations activations) {
            List<Linear> linears = new ArrayList<>();
            linears.add(linear(WeightRole.GATE, WeightRole.GATE_BIAS));
            linears.add(linear(WeightRole.UP, WeightRole.UP_BIAS));
            Activations.Gated gated =
                    activations.gated(
                            switch (feedForward) {
                                case FeedForwardPlan.Dense(int width) -> width;
                                case FeedForwardPlan.Experts experts -> experts.width();
                            });
            List<Tensor> outs = new ArrayList<>(List.of(gated.gate(), gated.up()));
            FeedForward.Routed routed = null;
            if (feedForward instanceof FeedForwardPlan.Experts experts) {
                Tensor scores = activations.scores(experts);
                linears.add(new Linear(tensor(WeightRole.ROUTER, 0), null));
                outs.add(scores);
                routed =
                        new FeedForward.Routed(
                                scores,
                                activations.routing(experts),
                                new ExpertWeights(
                                        tensors(WeightRole.EXPERT_GATE, experts.count()),
                                        tensors(WeightRole.EXPERT_UP, experts.count()),
                                        tensors(WeightRole.EXPERT_DOWN, experts.count())));
            }
            return new FeedForward(
                    new Projection(
                            tensor(WeightRole.FEED_FORWARD_NORM, 0),
                            plan.normEpsilon(),
                            activations.normed,
                            linears,
                            outs),
                    linear(WeightRole.DOWN, WeightRole.DOWN_BIAS),
                    gated.gate(),
                    gated.up(),
                    activations.projected,
                    routed);
        }

        Linear linear(WeightRole weight, WeightRole bias) {
            return new Linear(tensor(weight, 0), optional(bias).orElse(null));
        }

        private List<Tensor> tensors(WeightRole role, int experts) {
            List<Tensor> placed = new ArrayList<>(experts);
            for (int expert = 0; expert < experts; expert++) {
                placed.add(tensor(role, expert));
            }
            return placed;
        }

        private Tensor tensor(WeightRole role, int expert) {
            return backend.place(
                    checkpoint
                            .weight(role, layer, expert)
                            .orElseThrow(() -> lacking(role, expert)));
        }

        private Optional<Tensor> optional(WeightRole role) {
            return checkpoint.weight(role, layer, 0).map(backend::place);
        }

        private IllegalStateException lacking(WeightRole role, int expert) {
            return new IllegalStateException(
                    "an opened checkpoint lacks " + role + " " + expert + " of layer " + layer);
        }
    }
}
