package org.scout4j.checkpoint.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.scout4j.checkpoint.CheckpointContents;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.checkpoint.VisionPart;
import org.scout4j.checkpoint.VisionPlan;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.VerificationFailed;

/** The vision part of a model in a file of its own, {@code mmproj} (spec "Model" §5.3). */
final class GgufVision {
    /** What the files do not say. */
    private static final float ROPE_THETA = 10_000;

    private static final int SHUFFLE = 2;
    private static final double NORM_EPSILON = 1e-5;

    private final GgufFile file;
    private final GgufMetadata metadata;

    private GgufVision(GgufFile file) {
        this.file = file;
        this.metadata = file.metadata();
    }

    /**
     * Why a file is not the vision part of a model, seen from its metadata.
     *
     * @param hidden width of the text model
     * @return what is wrong and what was expected; empty if nothing is
     */
    static Optional<String> misfit(GgufFile file, int hidden) {
        GgufMetadata metadata = file.metadata();
        String architecture = metadata.string(GgufModel.ARCHITECTURE).orElse("missing");
        if (!architecture.equals("clip")) {
            return Optional.of(
                    "not a vision part (mmproj): "
                            + GgufModel.ARCHITECTURE
                            + " is "
                            + Excerpt.of(architecture)
                            + ", expected clip");
        }
        String projector =
                metadata.string("clip.projector_type")
                        .or(() -> metadata.string("clip.vision.projector_type"))
                        .orElse("missing");
        if (!projector.equals("llama4")) {
            return Optional.of(
                    "clip.projector_type is " + Excerpt.of(projector) + ", expected llama4");
        }
        int width = metadata.required("clip.vision.projection_dim", ModelLimit.WIDTH);
        return width == hidden
                ? Optional.empty()
                : Optional.of(
                        "clip.vision.projection_dim is "
                                + width
                                + ", expected the model's width "
                                + hidden);
    }

    /**
     * Adds a file's vision part to its text model.
     *
     * @throws VerificationFailed naming what contradicts itself or is not supported
     */
    static CheckpointContents add(CheckpointContents text, GgufFile file) {
        GgufVision vision = new GgufVision(file);
        VisionShape shape = vision.shape();
        vision.requireNoFurtherLayer(shape.layers());
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        file.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
        VisionPlan plan = new VisionPlan(shape, text.shape().hidden());
        VisionPart part = new VisionPart(file.path(), shape, new GgufVisionWeights(plan, tensors));
        return text.with(part, file.tensors().stream().map(StoredTensor::summary).toList());
    }

    private VisionShape shape() {
        requireHalf("image_mean");
        requireHalf("image_std");
        if (!metadata.flag("clip.has_vision_encoder").orElse(true)) {
            throw metadata.failure("clip.has_vision_encoder is false");
        }
        if (metadata.flag("clip.use_silu").orElse(false)) {
            throw metadata.failure("clip.use_silu is true, only GELU is supported");
        }
        return new VisionShape(
                required("image_size", ModelLimit.IMAGE_SIDE),
                required("patch_size", ModelLimit.PATCH_SIDE),
                required("embedding_length", ModelLimit.WIDTH),
                required("attention.head_count", ModelLimit.HEADS),
                required("block_count", ModelLimit.LAYERS),
                required("feed_forward_length", ModelLimit.WIDTH),
                (int)
                        metadata.integer(key("projector.scale_factor"), ModelLimit.SHUFFLE)
                                .orElse(SHUFFLE),
                adapter(),
                ROPE_THETA,
                metadata.number(key("attention.layer_norm_epsilon"), 1e-12, 0.1)
                        .orElse(NORM_EPSILON)
                        .floatValue());
    }

    // The tower sees (u / 255 - 0.5) / 0.5, nothing else.
    private void requireHalf(String name) {
        List<Double> values = metadata.numbers(key(name), 3);
        if (!values.isEmpty() && !values.equals(List.of(0.5, 0.5, 0.5))) {
            throw metadata.failure(key(name) + " is " + values + ", expected 0.5 three times");
        }
    }

    /** No key says it: the projector's input. */
    private int adapter() {
        StoredTensor projector =
                file.tensors().stream()
                        .filter(tensor -> tensor.name().equals(GgufVisionWeights.PROJECTOR))
                        .findFirst()
                        .orElseThrow(() ->
                                metadata.failure(
                                        "tensor " + GgufVisionWeights.PROJECTOR + " is missing"));
        long width = projector.shape().columns();
        if (!ModelLimit.WIDTH.admits(width)) {
            throw metadata.failure(
                    "tensor "
                            + projector.name()
                            + " has rows of "
                            + width
                            + ", expected "
                            + ModelLimit.WIDTH.description());
        }
        return (int) width;
    }

    private void requireNoFurtherLayer(int layers) {
        for (StoredTensor tensor : file.tensors()) {
            OptionalInt layer = tensor.layer(GgufVisionWeights.LAYERS);
            if (layer.isPresent() && layer.getAsInt() >= layers) {
                throw metadata.failure(
                        "tensor "
                                + Excerpt.of(tensor.name())
                                + " lies beyond the "
                                + layers
                                + " layers of "
                                + key("block_count"));
            }
        }
    }

    private int required(String name, ModelLimit limit) {
        return metadata.required(key(name), limit);
    }

    private static String key(String name) {
        return "clip.vision." + name;
    }
}
