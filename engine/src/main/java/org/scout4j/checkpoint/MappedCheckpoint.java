package org.scout4j.checkpoint;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.WeightPlan.Slot;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.Shape;

/**
 * A checkpoint of either format after the checks that both share: every weight that the shape
 * demands is there, of a type that holds weights, with exactly the extents demanded.
 */
public final class MappedCheckpoint implements Checkpoint {
    private static final Logger LOGGER = System.getLogger(MappedCheckpoint.class.getName());

    /** How much opening looks at for NaN: Scout's norms and routers in float32 are 18 MB. */
    private static final long SCANNED_BYTES = 20L << 20;

    /** The same for vision: Scout's norms, biases and position embeddings are 6 MB. */
    private static final long SCANNED_VISION_BYTES = 8L << 20;

    private final CheckpointContents contents;
    private final Arena arena;
    private final WeightPlan plan;
    private final @Nullable VisionPlan visionPlan;
    private final List<TensorSummary> unused;

    private MappedCheckpoint(CheckpointContents contents, Arena arena) {
        this.contents = contents;
        this.arena = arena;
        this.plan = new WeightPlan(contents.shape());
        VisionPart vision = contents.vision();
        this.visionPlan =
                vision == null ? null : new VisionPlan(vision.shape(), contents.shape().hidden());
        Set<String> used = verify();
        if (vision != null && visionPlan != null) {
            verify(vision, visionPlan, used);
        }
        this.unused = contents.tensors().stream().filter(t -> !used.contains(t.name())).toList();
    }

    /**
     * Checks what a reader found and makes a checkpoint of it.
     *
     * @param arena holds the mappings; closed with the checkpoint, left alone on failure
     * @throws VerificationFailed if anything required is missing or of another shape
     */
    public static MappedCheckpoint verified(CheckpointContents contents, Arena arena) {
        ShapeChecks.requireConsistent(contents.described(), contents.shape());
        VisionPart vision = contents.vision();
        if (vision != null) {
            ShapeChecks.requireConsistent(vision.described(), vision.shape());
        }
        MappedCheckpoint checkpoint = new MappedCheckpoint(contents, arena);
        LOGGER.log(
                Level.DEBUG,
                () ->
                        contents.path()
                                + ": "
                                + checkpoint.unused.size()
                                + " of "
                                + contents.tensors().size()
                                + " tensors are not part of the model");
        return checkpoint;
    }

    /**
     * Finds every weight once.
     *
     * @return the names of the stored tensors that weights are made of
     */
    private Set<String> verify() {
        Set<String> used = new HashSet<>(contents.consumed());
        FiniteCheck finite = new FiniteCheck(SCANNED_BYTES);
        List<LocatedWeight> scaled = new ArrayList<>();
        for (Slot slot : plan.slots().toList()) {
            LocatedWeight weight = locate(slot).orElse(null);
            if (weight == null) {
                continue;
            }
            used.addAll(weight.stored());
            if (small(slot.role())) {
                finite.scan(weight.file(), weight.tensor());
            }
            if (weight.tensor().scales() != null) {
                scaled.add(weight);
            }
        }
        for (LocatedWeight weight : scaled) { // what norms, routers and biases left of the budget
            TensorSource.Scales scales = weight.tensor().scales();
            if (scales != null) {
                finite.scan(weight.file(), scales.factors());
            }
        }
        return used;
    }

    /** The same for the vision part. */
    private static void verify(VisionPart vision, VisionPlan plan, Set<String> used) {
        FiniteCheck finite = new FiniteCheck(SCANNED_VISION_BYTES);
        for (VisionPlan.Slot slot : plan.slots().toList()) {
            LocatedWeight weight = locate(vision, plan, slot);
            used.addAll(weight.stored());
            if (plan.extents(slot.role()).rank() == 1
                    || slot.role() == VisionRole.POSITION_EMBEDDING) {
                finite.scan(weight.file(), weight.tensor());
            }
        }
    }

    private static LocatedWeight locate(VisionPart vision, VisionPlan plan, VisionPlan.Slot slot) {
        LocatedWeight weight =
                vision.weights()
                        .find(slot.role(), slot.layer())
                        .orElseThrow(() ->
                                new VerificationFailed(
                                        vision.described(),
                                        "tensor "
                                                + vision.weights().nameOf(slot.role(), slot.layer())
                                                + " is missing; expected "
                                                + plan.extents(slot.role())));
        requireFit(weight, plan.extents(slot.role()));
        return weight;
    }

    private static boolean small(WeightRole role) {
        return switch (role) {
            case EMBEDDING,
                    HEAD,
                    QUERY,
                    KEY,
                    VALUE,
                    ATTENTION_OUTPUT,
                    GATE,
                    UP,
                    DOWN,
                    EXPERT_GATE,
                    EXPERT_UP,
                    EXPERT_DOWN ->
                    false;
            default -> true;
        };
    }

    private Optional<LocatedWeight> locate(Slot slot) {
        Optional<LocatedWeight> found =
                contents.weights().find(slot.role(), slot.layer(), slot.expert());
        if (found.isPresent()) {
            requireFit(found.get(), plan.extents(slot.role(), slot.layer()));
        } else if (!plan.optional(slot.role())) {
            throw new VerificationFailed(
                    contents.described(),
                    "tensor "
                            + contents.weights().nameOf(slot.role(), slot.layer(), slot.expert())
                            + " is missing; expected "
                            + plan.extents(slot.role(), slot.layer()));
        }
        return found;
    }

    private static void requireFit(LocatedWeight weight, Shape expected) {
        TensorSource tensor = weight.tensor();
        if (!tensor.shape().equals(expected)) {
            throw new VerificationFailed(
                    weight.file(),
                    "tensor "
                            + Excerpt.of(tensor.name())
                            + " has the shape "
                            + tensor.shape()
                            + ", expected "
                            + expected);
        }
        if (!holdsWeights(tensor)) {
            throw new VerificationFailed(
                    weight.file(),
                    "tensor "
                            + Excerpt.of(tensor.name())
                            + " is stored as "
                            + tensor.dtype()
                            + ", which holds no weights");
        }
    }

    private static boolean holdsWeights(TensorSource tensor) {
        return switch (tensor.dtype()) {
            case I64, I32, I16, U8, BOOL -> false;
            case I8 -> tensor.scales() != null;
            default -> true;
        };
    }

    @Override
    public Path path() {
        return contents.path();
    }

    @Override
    public ModelShape shape() {
        return contents.shape();
    }

    @Override
    public Optional<TensorSource> weight(WeightRole role, int layer, int expert) {
        Objects.checkIndex(layer, plan.layers(role));
        if (!plan.has(role, layer)) {
            return Optional.empty();
        }
        Objects.checkIndex(expert, plan.count(role, layer));
        return locate(new Slot(role, layer, expert)).map(LocatedWeight::tensor);
    }

    @Override
    public TensorSource visionWeight(VisionRole role, int layer) {
        VisionPart vision = contents.vision();
        if (vision == null || visionPlan == null) {
            throw new IllegalStateException("the model has no vision part");
        }
        Objects.checkIndex(layer, visionPlan.layers(role));
        return locate(vision, visionPlan, new VisionPlan.Slot(role, layer)).tensor();
    }

    @Override
    public List<TensorSummary> tensors() {
        return contents.tensors();
    }

    @Override
    public List<TensorSummary> unused() {
        return unused;
    }

    @Override
    public TokenizerData tokenizerData() {
        return contents.tokenizerData();
    }

    @Override
    public Optional<String> chatTemplate() {
        return Optional.ofNullable(contents.chatTemplate());
    }

    @Override
    public Optional<String> licence() {
        return Optional.ofNullable(contents.licence());
    }

    @Override
    public Optional<String> name() {
        return Optional.ofNullable(contents.name());
    }

    @Override
    public List<Path> files() {
        return contents.files();
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
