package org.scout4j.checkpoint;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.checkpoint.WeightPlan.Slot;
import org.scout4j.tensor.DType;

/**
 * A model in numbers, for people.
 *
 * @param name as the files give it, or null
 * @param licence as the files name it, or null
 * @param experts routed experts of a layer that has them; 0 without
 * @param types how the stored tensors divide by type, most bytes first
 * @param storedBytes bytes of all tensors in the files
 * @param weightType the type that most parameters of the text model are stored in
 * @param attentionChunk positions that local layers see at once; 0 without chunks
 * @param tokenizer the kind of tokenizer data
 * @param unknownTensors tensors that no weight is made of
 */
public record ModelSummary(
        String architecture,
        @Nullable String name,
        @Nullable String licence,
        Layers layers,
        int vocabulary,
        int hidden,
        int heads,
        int kvHeads,
        int headSize,
        int experts,
        int expertsPerToken,
        Parameters parameters,
        List<TypeShare> types,
        long storedBytes,
        DType weightType,
        KeyValueBytes keyValueBytes,
        long contextLength,
        int attentionChunk,
        String tokenizer,
        int unknownTensors) {

    public ModelSummary {
        types = List.copyOf(types);
    }

    /**
     * Numbers of layers; {@code rotary + global = total = expert + dense}.
     *
     * @param global without rotary positions
     */
    public record Layers(int total, int rotary, int global, int expert, int dense) {}

    /**
     * Numbers of parameters.
     *
     * @param text of the text model
     * @param active multiplied with one token's activations
     * @param vision of the vision tower, its adapter and projector; 0 without
     */
    public record Parameters(long text, long active, long vision) {}

    /** Tensors stored in one type. */
    public record TypeShare(DType dtype, int tensors, long bytes) {}

    /**
     * Bytes of keys and values that one token takes, in float32, over all layers of a kind.
     *
     * @param local in layers that see one chunk only; given back with the chunk
     * @param global in layers that see everything
     */
    public record KeyValueBytes(long local, long global) {}

    /** Sums up a checkpoint; reads no weights. */
    public static ModelSummary of(Checkpoint checkpoint) {
        ModelShape shape = checkpoint.shape();
        return new ModelSummary(
                shape.architecture(),
                checkpoint.name().orElse(null),
                checkpoint.licence().orElse(null),
                layers(shape),
                shape.vocabulary(),
                shape.hidden(),
                shape.heads(),
                shape.kvHeads(),
                shape.headSize(),
                shape.layers().stream().mapToInt(LayerShape::experts).max().orElse(0),
                shape.expertsPerToken(),
                parameters(checkpoint),
                types(checkpoint.tensors()),
                checkpoint.tensors().stream().mapToLong(TensorSummary::bytes).sum(),
                weightType(checkpoint),
                keyValueBytes(shape),
                shape.contextLength(),
                shape.attentionChunk(),
                tokenizer(checkpoint.tokenizerData()),
                checkpoint.unused().size());
    }

    private static Layers layers(ModelShape shape) {
        int total = shape.layers().size();
        int rotary = (int) shape.layers().stream().filter(LayerShape::rotary).count();
        int expert = (int) shape.layers().stream().filter(l -> l.experts() > 0).count();
        return new Layers(total, rotary, total - rotary, expert, total - expert);
    }

    private static Parameters parameters(Checkpoint checkpoint) {
        WeightPlan plan = new WeightPlan(checkpoint.shape());
        long biases =
                plan.slots()
                        .filter(slot -> plan.optional(slot.role()))
                        .filter(slot -> weight(checkpoint, slot) != null)
                        .mapToLong(slot -> plan.extents(slot.role(), slot.layer()).elements())
                        .sum();
        long vision =
                checkpoint
                        .shape()
                        .vision()
                        .map(shape -> new VisionPlan(shape, checkpoint.shape().hidden()))
                        .map(VisionPlan::parameters)
                        .orElse(0L);
        return new Parameters(plan.parameters() + biases, plan.activeParameters(), vision);
    }

    private static @Nullable TensorSource weight(Checkpoint checkpoint, Slot slot) {
        return checkpoint.weight(slot.role(), slot.layer(), slot.expert()).orElse(null);
    }

    private static List<TypeShare> types(List<TensorSummary> tensors) {
        Map<DType, TypeShare> shares = new EnumMap<>(DType.class);
        for (TensorSummary tensor : tensors) {
            shares.merge(
                    tensor.dtype(),
                    new TypeShare(tensor.dtype(), 1, tensor.bytes()),
                    (a, b) ->
                            new TypeShare(
                                    a.dtype(), a.tensors() + b.tensors(), a.bytes() + b.bytes()));
        }
        return shares.values().stream()
                .sorted(Comparator.comparingLong(TypeShare::bytes).reversed())
                .toList();
    }

    private static DType weightType(Checkpoint checkpoint) {
        Map<DType, Long> elements = new EnumMap<>(DType.class);
        new WeightPlan(checkpoint.shape())
                .slots()
                .forEach(slot -> {
                    TensorSource weight = weight(checkpoint, slot);
                    if (weight != null) {
                        elements.merge(weight.dtype(), weight.shape().elements(), Long::sum);
                    }
                });
        return elements.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("a checkpoint without weights"));
    }

    private static KeyValueBytes keyValueBytes(ModelShape shape) {
        long layer = 2L * shape.kvHeads() * shape.headSize() * Float.BYTES;
        long local =
                shape.attentionChunk() == 0
                        ? 0
                        : shape.layers().stream().filter(LayerShape::rotary).count();
        return new KeyValueBytes(local * layer, (shape.layers().size() - local) * layer);
    }

    private static String tokenizer(TokenizerData data) {
        return switch (data) {
            case TokenizerData.HuggingFace _ -> "tokenizer.json";
            case TokenizerData.Tiktoken _ -> "tiktoken";
            case TokenizerData.Gguf gguf ->
                    gguf.preTokenizer()
                            .map(split -> gguf.model() + " (" + split + ")")
                            .orElse(gguf.model());
            case TokenizerData.None _ -> "none";
        };
    }
}
