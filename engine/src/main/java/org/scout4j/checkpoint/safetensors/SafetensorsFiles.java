package org.scout4j.checkpoint.safetensors;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelFiles;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;

/**
 * The safetensors files of one model.
 *
 * @param files in order of their names
 * @param tensors by name, in file order
 */
record SafetensorsFiles(List<SafetensorsFile> files, Map<String, StoredTensor> tensors) {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final int LARGEST_INDEX = 100_000_000;

    /**
     * Maps {@code model.safetensors}, else the shards that the index names.
     *
     * @throws ModelNotFound naming a shard that is not there
     * @throws VerificationFailed if a file is damaged or the index and the shards disagree
     */
    static SafetensorsFiles map(ModelFolder folder, Arena arena) {
        Optional<Path> single = folder.find(SINGLE);
        if (single.isPresent()) {
            return of(List.of(map(single.get(), arena)));
        }
        Path indexFile =
                folder.find(INDEX)
                        .orElseThrow(() ->
                                new ModelNotFound(
                                        folder.path()
                                                + " has neither "
                                                + SINGLE
                                                + " nor "
                                                + INDEX
                                                + ".",
                                        null));
        SafetensorsIndex index =
                SafetensorsIndex.parse(indexFile, ModelFiles.read(indexFile, LARGEST_INDEX));
        List<SafetensorsFile> shards = new ArrayList<>();
        for (String name : new TreeSet<>(index.shards().values())) {
            Path shard =
                    folder.find(name)
                            .orElseThrow(() ->
                                    new ModelNotFound(
                                            folder.path()
                                                    + " lacks "
                                                    + name
                                                    + ", which "
                                                    + INDEX
                                                    + " names.",
                                            "Fetch that file too."));
            shards.add(map(shard, arena));
        }
        SafetensorsFiles files = of(shards);
        files.requireAgreement(index);
        return files;
    }

    /** Puts shards together; a tensor in two of them is an error. */
    static SafetensorsFiles of(List<SafetensorsFile> files) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (SafetensorsFile file : files) {
            for (StoredTensor tensor : file.tensors()) {
                StoredTensor other = tensors.putIfAbsent(tensor.name(), tensor);
                if (other != null) {
                    throw new VerificationFailed(
                            file.path(),
                            "tensor "
                                    + Excerpt.of(tensor.name())
                                    + " is also in "
                                    + other.file().getFileName());
                }
            }
            if (!ModelLimit.TENSORS.admits(tensors.size())) {
                throw new VerificationFailed(file.path(), "more tensors than any model has");
            }
        }
        return new SafetensorsFiles(files, tensors);
    }

    private static SafetensorsFile map(Path file, Arena arena) {
        return SafetensorsFile.parse(file, ModelFiles.map(file, arena));
    }

    private void requireAgreement(SafetensorsIndex index) {
        index.shards()
                .forEach((name, shard) -> {
                    StoredTensor tensor = tensors.get(name);
                    if (tensor == null || !tensor.file().endsWith(shard)) {
                        throw new VerificationFailed(
                                index.path(),
                                "tensor "
                                        + Excerpt.of(name)
                                        + " is not in "
                                        + shard
                                        + ", where the index has it");
                    }
                });
    }
}
