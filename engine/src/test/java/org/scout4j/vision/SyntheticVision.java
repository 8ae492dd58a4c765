package org.scout4j.vision;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.scout4j.backend.SyntheticWeights;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSummary;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.checkpoint.VisionPlan;
import org.scout4j.checkpoint.VisionRole;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;
import org.scout4j.tensor.TestQuantizer;

/** A checkpoint of random weights that has nothing but a vision part. */
record SyntheticVision(ModelShape shape, Map<VisionPlan.Slot, TensorSource> weights)
        implements Checkpoint {

    /** Vectors in F32, matrices in {@code dtype}. */
    static SyntheticVision of(VisionShape vision, int textHidden, DType dtype, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<VisionPlan.Slot, TensorSource> weights = new HashMap<>();
        VisionPlan plan = new VisionPlan(vision, textHidden);
        for (VisionPlan.Slot slot : plan.slots().toList()) {
            Shape extents = plan.extents(slot.role());
            int rows = (int) extents.extent(0);
            weights.put(
                    slot,
                    extents.rank() == 1
                            ? SyntheticWeights.vector(rows, random)
                            : matrix(dtype, extents, random));
        }
        ModelShape.RopeShape rope =
                new ModelShape.RopeShape(ModelShape.Pairing.ADJACENT, List.of(1f));
        ModelShape text =
                new ModelShape(
                        "llama4",
                        1,
                        textHidden,
                        1,
                        1,
                        2,
                        List.of(),
                        1e-5f,
                        rope,
                        0,
                        false,
                        Optional.empty(),
                        0,
                        true,
                        1,
                        Optional.empty(),
                        List.of(),
                        Optional.of(vision));
        return new SyntheticVision(text, weights);
    }

    /** Products of such rows with numbers around one are around one. */
    private static TensorSource matrix(DType dtype, Shape extents, SplittableRandom random) {
        float[] values = SyntheticWeights.values((int) extents.elements(), random);
        for (int i = 0; i < values.length; i++) {
            values[i] /= (float) Math.sqrt(extents.columns());
        }
        return TensorSource.rowMajor(
                dtype.name(),
                dtype,
                extents,
                MemorySegment.ofArray(TestQuantizer.encode(dtype, values)));
    }

    @Override
    public TensorSource visionWeight(VisionRole role, int layer) {
        return Objects.requireNonNull(weights.get(new VisionPlan.Slot(role, layer)));
    }

    @Override
    public Optional<TensorSource> weight(WeightRole role, int layer, int expert) {
        return Optional.empty();
    }

    @Override
    public Path path() {
        return Path.of("synthetic");
    }

    @Override
    public List<TensorSummary> tensors() {
        return List.of();
    }

    @Override
    public TokenizerData tokenizerData() {
        return new TokenizerData.None(path());
    }

    @Override
    public Optional<String> chatTemplate() {
        return Optional.empty();
    }

    @Override
    public Optional<String> licence() {
        return Optional.empty();
    }

    @Override
    public Optional<String> name() {
        return Optional.empty();
    }

    @Override
    public List<Path> files() {
        return List.of();
    }

    @Override
    public void close() {}
}
