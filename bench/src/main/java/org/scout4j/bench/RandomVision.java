package org.scout4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSummary;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.checkpoint.VisionPlan;
import org.scout4j.checkpoint.VisionRole;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/** A checkpoint of nothing but a vision part with small random weights. */
final class RandomVision implements Checkpoint {
    private final Arena arena = Arena.ofShared();
    private final VisionPlan plan;
    private final Map<VisionRole, TensorSource[]> weights = new EnumMap<>(VisionRole.class);

    /**
     * @param type of matrices: F16 or Q8_0; vectors and positions are F32
     */
    RandomVision(VisionPlan plan, DType type) {
        this.plan = plan;
        SplittableRandom random = new SplittableRandom(1);
        for (VisionPlan.Slot slot : plan.slots().toList()) {
            TensorSource[] layers =
                    weights.computeIfAbsent(
                            slot.role(), role -> new TensorSource[plan.layers(role)]);
            layers[slot.layer()] = weight(slot.role(), type, random);
        }
    }

    private TensorSource weight(VisionRole role, DType type, SplittableRandom random) {
        Shape shape = plan.extents(role);
        // Rows of patches (588) are no whole blocks.
        boolean whole = shape.columns() % type.blockElements() == 0;
        boolean vector = shape.rank() == 1 || role == VisionRole.POSITION_EMBEDDING;
        DType stored = vector ? DType.F32 : whole ? type : DType.F16;
        MemorySegment bytes = arena.allocate(stored.bytes(shape.elements()), 64);
        float size = vector ? 1 : (float) (1 / Math.sqrt(shape.columns()));
        for (long i = 0; i < shape.elements(); i++) {
            float value = (float) (random.nextDouble() * 2 - 1) * size;
            switch (stored) {
                case F32 -> bytes.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
                case F16 ->
                        bytes.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
                case Q8_0 -> {
                    long block = i / 32 * 34;
                    bytes.set(
                            ValueLayout.JAVA_SHORT_UNALIGNED,
                            block,
                            Float.floatToFloat16(size / 127));
                    bytes.set(
                            ValueLayout.JAVA_BYTE,
                            block + 2 + i % 32,
                            (byte) Math.round(value / size * 127));
                }
                default -> throw new IllegalArgumentException("weights of " + stored);
            }
        }
        return TensorSource.rowMajor(role.name(), stored, shape, bytes);
    }

    @Override
    public TensorSource visionWeight(VisionRole role, int layer) {
        TensorSource[] layers = weights.get(role);
        if (layers == null) {
            throw new IllegalStateException("no " + role);
        }
        return layers[layer];
    }

    @Override
    public ModelShape shape() {
        return new ModelShape(
                "llama4",
                1,
                plan.textHidden(),
                1,
                1,
                2,
                List.of(),
                1e-5f,
                new ModelShape.RopeShape(ModelShape.Pairing.ADJACENT, List.of(1f)),
                0,
                false,
                Optional.empty(),
                0,
                true,
                1,
                Optional.empty(),
                List.of(),
                Optional.of(plan.shape()));
    }

    @Override
    public Optional<TensorSource> weight(WeightRole role, int layer, int expert) {
        return Optional.empty();
    }

    @Override
    public Path path() {
        return Path.of("random");
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
    public void close() {
        arena.close();
    }
}
