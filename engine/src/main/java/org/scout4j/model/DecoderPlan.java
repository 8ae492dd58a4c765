package org.scout4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scout4j.cache.CacheShape;
import org.scout4j.checkpoint.ModelShape;

/**
 * A decoder as data: what {@link Decoder} does, layer by layer. Llama 4 and dense Llama differ in
 * these values only.
 *
 * @param vocabulary number of token ids
 * @param hidden width of the residual stream
 * @param normEpsilon of every RMS norm
 * @param tiedHead the output head is the embedding table
 */
public record DecoderPlan(
        int vocabulary, int hidden, float normEpsilon, boolean tiedHead, List<LayerPlan> layers) {
    public DecoderPlan {
        layers = List.copyOf(layers);
    }

    /** One layer: attention, then feed-forward, each added to the residual stream. */
    public record LayerPlan(AttentionPlan attention, FeedForwardPlan feedForward) {}

    /**
     * @param rotary whether queries and keys are rotated by their position
     * @param reach what a position sees
     * @param normaliseHeads whether queries and keys are RMS-normalised per head, after rotation
     *     and without gain
     * @param tuning attention temperature, if any
     */
    public record AttentionPlan(
            int heads,
            int kvHeads,
            int headSize,
            boolean rotary,
            Reach reach,
            boolean normaliseHeads,
            Optional<TemperatureTuning> tuning) {}

    /** What a position sees of the positions up to itself. */
    public sealed interface Reach {
        /** All of them. */
        record Everything() implements Reach {}

        /** Those of its own chunk; chunks begin at multiples of the length (spec "Model" §2.2). */
        record Chunk(int length) implements Reach {}
    }

    /**
     * Queries are multiplied by {@code 1 + scale * ln(1 + floor((position + 1) / floor))} (spec
     * "Model" §2.1).
     */
    public record TemperatureTuning(long floor, float scale) {
        /** The factor for a 0-based position. */
        public float factor(int position) {
            return (float) (1.0 + scale * Math.log1p((double) ((position + 1L) / floor)));
        }
    }

    /** The second half of a layer. */
    public sealed interface FeedForwardPlan {
        /** {@code down · (silu(gate · h) * (up · h))}. */
        record Dense(int width) implements FeedForwardPlan {}

        /**
         * A dense one (shared by all tokens) plus the {@code perToken} best of {@code count} routed
         * experts, whose input is scaled by the sigmoid of the router's logit (spec "Model" §2.4).
         */
        record Experts(int count, int perToken, int width) implements FeedForwardPlan {}
    }

    /** The plan for a checkpoint's numbers. */
    public static DecoderPlan of(ModelShape shape) {
        List<LayerPlan> layers = new ArrayList<>();
        for (ModelShape.LayerShape layer : shape.layers()) {
            Reach reach =
                    layer.rotary() && shape.attentionChunk() > 0
                            ? new Reach.Chunk(shape.attentionChunk())
                            : new Reach.Everything();
            AttentionPlan attention =
                    new AttentionPlan(
                            shape.heads(),
                            shape.kvHeads(),
                            shape.headSize(),
                            layer.rotary(),
                            reach,
                            layer.rotary() && shape.normaliseQueriesAndKeys(),
                            layer.rotary()
                                    ? Optional.empty()
                                    : shape.temperature()
                                            .map(t -> new TemperatureTuning(t.floor(), t.scale())));
            FeedForwardPlan feedForward =
                    layer.experts() > 0
                            ? new FeedForwardPlan.Experts(
                                    layer.experts(), shape.expertsPerToken(), layer.width())
                            : new FeedForwardPlan.Dense(layer.width());
            layers.add(new LayerPlan(attention, feedForward));
        }
        return new DecoderPlan(
                shape.vocabulary(),
                shape.hidden(),
                shape.normEpsilon(),
                shape.tiedEmbeddings(),
                layers);
    }

    /** The cache that this plan needs. */
    public CacheShape cacheShape(int pageTokens) {
        int local = 0;
        int chunk = 0;
        for (LayerPlan layer : layers) {
            if (layer.attention().reach() instanceof Reach.Chunk(int length)) {
                local++;
                chunk = length;
            }
        }
        AttentionPlan attention = layers.getFirst().attention();
        return new CacheShape(
                local,
                layers.size() - local,
                attention.kvHeads(),
                attention.headSize(),
                chunk,
                pageTokens);
    }
}
