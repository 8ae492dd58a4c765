package org.scout4j.checkpoint.safetensors;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.scout4j.checkpoint.CheckpointContents;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelFiles;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.checkpoint.VisionPart;
import org.scout4j.checkpoint.VisionPlan;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.checkpoint.WeightPlan;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;

/** A model folder in Hugging Face layout: config.json, safetensors and what lies beside them. */
public final class HuggingFaceModel {
    private static final String CONFIG = "config.json";
    private static final String NESTED = "language_model.";
    private static final int LARGEST_CONFIG = 4 << 20;

    private HuggingFaceModel() {}

    /** Whether a folder with entries of these names is such a model. */
    public static boolean recognises(Collection<String> names) {
        return names.contains(CONFIG)
                && (names.contains(SafetensorsFiles.SINGLE)
                        || names.contains(SafetensorsFiles.INDEX));
    }

    /**
     * Reads the model in a folder.
     *
     * @param arena holds the mappings
     * @throws ModelNotFound naming a shard that is not there
     * @throws VerificationFailed if a file is damaged, contradicts itself or another, or asks for
     *     something that is not supported
     */
    public static CheckpointContents read(Path directory, Arena arena) {
        ModelFolder folder = ModelFolder.of(directory);
        Path file =
                folder.find(CONFIG)
                        .orElseThrow(() -> new ModelNotFound(directory + " lacks " + CONFIG, null));
        ModelConfig config = ModelConfig.parse(file, ModelFiles.read(file, LARGEST_CONFIG));
        Optional<JsonSection> generation =
                folder.find("generation_config.json")
                        .map(f -> JsonSection.parse(f, ModelFiles.read(f, LARGEST_CONFIG)));
        return of(
                directory,
                config,
                generation,
                SafetensorsFiles.map(folder, arena),
                SideFiles.read(folder));
    }

    /** As {@link #read}, from what has been read. */
    static CheckpointContents of(
            Path named,
            ModelConfig config,
            Optional<JsonSection> generation,
            SafetensorsFiles files,
            SideFiles beside) {
        Map<String, StoredTensor> tensors = files.tensors();
        boolean vision =
                tensors.keySet().stream()
                        .anyMatch(name -> name.startsWith(HuggingFaceVision.PREFIX));
        ModelShape shape = config.shape(vision, generation);
        String prefix = prefix(config, tensors);
        requireNoFurtherLayer(tensors, prefix + "model.layers.", shape.layers().size());
        shape.vision()
                .ifPresent(part ->
                        requireNoFurtherLayer(tensors, HuggingFaceVision.LAYERS, part.layers()));
        HuggingFaceWeights weights =
                new HuggingFaceWeights(new WeightPlan(shape), config, tensors, prefix);
        return new CheckpointContents(
                named,
                config.file(),
                shape,
                weights,
                shape.vision().map(part -> vision(config, shape, part, weights)).orElse(null),
                tensors.values().stream().map(StoredTensor::summary).toList(),
                Set.of(),
                beside.tokenizer(),
                beside.chatTemplate(),
                beside.licence(),
                config.name().orElse(null),
                files.files().stream().map(SafetensorsFile::path).toList());
    }

    private static VisionPart vision(
            ModelConfig config, ModelShape shape, VisionShape part, HuggingFaceWeights weights) {
        VisionPlan plan = new VisionPlan(part, shape.hidden());
        return new VisionPart(config.file(), part, new HuggingFaceVision(plan, weights));
    }

    // Text models cut out of multimodal ones keep either form of name.
    private static String prefix(ModelConfig config, Map<String, StoredTensor> tensors) {
        String expected = config.multimodal() ? NESTED : "";
        String other = config.multimodal() ? "" : NESTED;
        return !holds(tensors, expected) && holds(tensors, other) ? other : expected;
    }

    private static boolean holds(Map<String, StoredTensor> tensors, String prefix) {
        return tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix + "model."));
    }

    private static void requireNoFurtherLayer(
            Map<String, StoredTensor> tensors, String prefix, int layers) {
        for (StoredTensor tensor : tensors.values()) {
            OptionalInt layer = tensor.layer(prefix);
            if (layer.isPresent() && layer.getAsInt() >= layers) {
                throw new VerificationFailed(
                        tensor.file(),
                        "tensor "
                                + Excerpt.of(tensor.name())
                                + " lies beyond the "
                                + layers
                                + " layers of "
                                + CONFIG);
            }
        }
    }
}
