package org.scout4j.checkpoint.gguf;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.scout4j.checkpoint.CheckpointContents;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.checkpoint.WeightPlan;
import org.scout4j.error.VerificationFailed;

/** A model in GGUF: its parts put together and its metadata understood. */
public final class GgufModel {
    static final String ARCHITECTURE = "general.architecture";

    private static final Logger LOGGER = System.getLogger(GgufModel.class.getName());

    private GgufModel() {}

    /**
     * Reads the model that a file holds or is a part of.
     *
     * @param named what the user named
     * @param mmproj the file of the vision part, if one is named
     * @param search else take the one that lies beside and fits
     * @param arena holds the mappings
     * @throws org.scout4j.error.ModelNotFound if the file or another part is not there
     * @throws VerificationFailed if a file is damaged, contradicts itself or another, or is of an
     *     architecture that is not supported
     */
    public static CheckpointContents read(
            Path named, Path file, Optional<Path> mmproj, boolean search, Arena arena) {
        GgufFile opened = GgufFile.map(file, arena);
        CheckpointContents text =
                of(named, GgufSplit.complete(opened, part -> GgufFile.map(part, arena)));
        int hidden = text.shape().hidden();
        Optional<GgufFile> vision = mmproj.map(p -> GgufVisionFile.named(p, hidden, arena));
        if (vision.isEmpty() && search) {
            vision = GgufVisionFile.beside(text.described(), hidden, arena);
        }
        return vision.map(found -> GgufVision.add(text, found)).orElse(text);
    }

    /** As {@link #read}, from all parts in order. */
    static CheckpointContents of(Path named, List<GgufFile> parts) {
        GgufFile first = parts.getFirst();
        GgufMetadata metadata = first.metadata();
        if (metadata.hasPrefix("llama4.vision.")) {
            LOGGER.log(
                    Level.WARNING,
                    "{0} holds its vision part inside, in a form that is not read: images are"
                            + " refused unless an mmproj file lies beside it or is named.",
                    first.path());
        }
        String architecture = architecture(metadata);
        Map<String, StoredTensor> tensors = catalogue(parts);
        TokenizerData tokenizer = GgufTokenizer.read(first.path(), metadata);
        ModelShape shape = new GgufShape(metadata, architecture, tensors, tokenizer).read();
        return new CheckpointContents(
                named,
                first.path(),
                shape,
                new GgufWeights(new WeightPlan(shape), tensors),
                null,
                tensors.values().stream().map(StoredTensor::summary).toList(),
                Set.of(GgufShape.ROPE_DIVISORS),
                tokenizer,
                metadata.string("tokenizer.chat_template").orElse(null),
                metadata.string("general.license")
                        .filter(licence -> !licence.equals("other"))
                        .or(() -> metadata.string("general.license.name"))
                        .orElse(null),
                metadata.string("general.name").orElse(null),
                parts.stream().map(GgufFile::path).toList());
    }

    private static String architecture(GgufMetadata metadata) {
        if (metadata.string("general.type").filter("adapter"::equals).isPresent()) {
            throw metadata.failure("an adapter (LoRA), not a model");
        }
        String architecture =
                metadata.string(ARCHITECTURE)
                        .orElseThrow(() -> metadata.failure(ARCHITECTURE + " is missing"));
        return switch (architecture) {
            case "llama4", "llama" -> architecture;
            case "clip" ->
                    throw metadata.failure(
                            "the vision part (mmproj) of a model; name the model's own file");
            default ->
                    throw metadata.failure(
                            ARCHITECTURE
                                    + " is "
                                    + Excerpt.of(architecture)
                                    + ", expected llama4 or llama");
        };
    }

    private static Map<String, StoredTensor> catalogue(List<GgufFile> parts) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (GgufFile part : parts) {
            for (StoredTensor tensor : part.tensors()) {
                StoredTensor other = tensors.putIfAbsent(tensor.name(), tensor);
                if (other != null) {
                    throw new VerificationFailed(
                            part.path(),
                            "tensor "
                                    + Excerpt.of(tensor.name())
                                    + " is also in "
                                    + other.file().getFileName());
                }
            }
            if (!ModelLimit.TENSORS.admits(tensors.size())) {
                throw new VerificationFailed(part.path(), "more tensors than any model has");
            }
        }
        return tensors;
    }
}
