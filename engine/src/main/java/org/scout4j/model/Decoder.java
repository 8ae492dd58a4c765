package org.scout4j.model;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.Backend;
import org.scout4j.backend.FeedForward;
import org.scout4j.backend.RopeTable;
import org.scout4j.backend.Tensor;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.WeightRole;

/**
 * The forward pass of Llama 4 and dense Llama (spec "Model" §2): embed, a loop over layers, final
 * norm, logits. What differs between models is in the {@link DecoderPlan}.
 */
public final class Decoder implements LanguageModel {
    private final Backend backend;
    private final DecoderPlan plan;
    private final CacheShape cacheShape;
    private final DecoderLimits limits;
    private final @Nullable DecoderTrace trace;

    private final Tensor embedding;
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final Tensor finalNorm;
    private final Tensor head;

    private final Activations activations;
    private final StepInput input;
    private final StepLogits logits;

    /**
     * Places the weights of an open checkpoint, which must stay open as long as the decoder is
     * used.
     */
    public Decoder(Checkpoint checkpoint, Backend backend, DecoderLimits limits) {
        this(checkpoint, backend, limits, null);
    }

    /** As {@link #Decoder(Checkpoint, Backend, DecoderLimits)}, with an onlooker. */
    public Decoder(
            Checkpoint checkpoint,
            Backend backend,
            DecoderLimits limits,
            @Nullable DecoderTrace trace) {
        this.backend = backend;
        this.plan = DecoderPlan.of(checkpoint.shape());
        this.cacheShape = plan.cacheShape(limits.pageTokens());
        this.limits = limits;
        this.trace = trace;
        this.activations = new Activations(backend, plan, limits.rows(), limits.logitRows());
        this.input = new StepInput(plan, cacheShape, limits.rows());
        this.logits = new StepLogits();
        this.embedding = place(checkpoint, WeightRole.EMBEDDING);
        this.finalNorm = place(checkpoint, WeightRole.FINAL_NORM);
        this.head = plan.tiedHead() ? embedding : place(checkpoint, WeightRole.HEAD);
        placeLayers(checkpoint);
    }

    private Tensor place(Checkpoint checkpoint, WeightRole role) {
        return backend.place(checkpoint.weight(role, 0, 0).orElseThrow());
    }

    private void placeLayers(Checkpoint checkpoint) {
        RopeTable rope = ropeTable(checkpoint.shape().rope());
        int[] inGroup = new int[LayerGroup.values().length];
        for (int number = 0; number < plan.layers().size(); number++) {
            LayerGroup group = DecoderLayer.group(plan.layers().get(number));
            int numberInGroup = inGroup[group.ordinal()]++;
            layers.add(
                    DecoderLayer.place(
                            backend, checkpoint, plan, activations, rope, number, numberInGroup));
        }
    }

    private static RopeTable ropeTable(ModelShape.RopeShape shape) {
        float[] frequencies = new float[shape.frequencies().size()];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = shape.frequencies().get(i);
        }
        return new RopeTable(frequencies, shape.pairing() == ModelShape.Pairing.ADJACENT);
    }

    @Override
    public Logits forward(Batch batch, KvCache cache) {
        int rows = batch.rows();
        input.fill(batch);
        Tensor hidden = activations.hidden; // [rows, hidden], the residual stream
        backend.embed(hidden, embedding, batch.tokens(), rows);
        Tensor features = batch.features();
        if (features != null) {
            backend.scatter(
                    hidden, batch.shownRows(), features, batch.featureRows(), batch.shown());
        }
        for (int number = 0; number < layers.size(); number++) {
            DecoderLayer layer = layers.get(number);
            traceHidden(number, rows);
            backend.project(layer.attentionInput(), hidden, rows);
            backend.attention(
                    layer.attention(),
                    cache.pages(layer.group()),
                    input.spans(layer.group()),
                    input.rotations,
                    input.temperature,
                    rows);
            backend.accumulate(
                    hidden,
                    activations.attended,
                    layer.attentionOutput(),
                    activations.projected,
                    rows);
            backend.feedForward(layer.feedForward(), hidden, rows);
            traceRouting(number, layer.feedForward(), rows);
        }
        traceHidden(layers.size(), rows);
        return head(batch);
    }

    /** logits = head · norm(hidden), of the rows that are wanted. */
    private Logits head(Batch batch) {
        int wanted = batch.logitCount();
        if (wanted > 0) {
            backend.gather(activations.wanted, activations.hidden, batch.logitRows(), wanted);
            backend.rmsNorm(
                    activations.wanted, activations.wanted, finalNorm, plan.normEpsilon(), wanted);
            backend.matmul(activations.logits, activations.wanted, head, null, wanted);
        }
        logits.rows = wanted;
        return logits;
    }

    private void traceHidden(int layer, int rows) {
        if (trace != null) {
            trace.hidden(layer, activations.hidden, rows);
        }
    }

    private void traceRouting(int layer, FeedForward feedForward, int rows) {
        FeedForward.Routed routed = feedForward.routed();
        if (trace != null && routed != null) {
            trace.routed(layer, routed.scores(), routed.routing(), rows);
        }
    }

    @Override
    public int vocabulary() {
        return plan.vocabulary();
    }

    @Override
    public CacheShape cacheShape() {
        return cacheShape;
    }

    @Override
    public int maxRows() {
        return limits.rows();
    }

    @Override
    public int maxLogitRows() {
        return limits.logitRows();
    }

    /** The decoder owns nothing but buffers of its backend, which frees them when it is closed. */
    @Override
    public void close() {}

    private final class StepLogits implements Logits {
        private int rows;

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public void read(int row, float[] into) {
            backend.readRow(activations.logits, row, MemorySegment.ofArray(into));
        }
    }
}
