package org.scout4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.scout4j.checkpoint.gguf.GgufFolder;
import org.scout4j.checkpoint.gguf.GgufModel;
import org.scout4j.checkpoint.safetensors.HuggingFaceModel;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.ModelNotFound;

/** Opens a checkpoint of whichever kind lies at a path. */
public final class Checkpoints {
    private Checkpoints() {}

    /**
     * Opens a Hugging Face directory (or a directory that holds one GGUF model), or a GGUF file (of
     * a split model: the first part; naming another part finds it).
     *
     * @throws ModelNotFound if nothing of that kind lies there
     * @throws org.scout4j.error.VerificationFailed if the files are damaged or contradict
     *     themselves
     */
    public static Checkpoint open(Path fileOrDirectory) {
        return open(fileOrDirectory, Optional.empty());
    }

    /**
     * Opens a checkpoint whose vision part is chosen.
     *
     * @param mmproj GGUF file of the vision part of a GGUF model. Empty: the one {@code
     *     *mmproj*.gguf} in the model's folder that fits the text model, if there is one. Models
     *     from Hugging Face have theirs in their own files
     * @throws InvalidRequest if one is named for a model that is not GGUF
     * @throws ModelNotFound if nothing of that kind lies there, or several vision parts fit
     * @throws org.scout4j.error.VerificationFailed if the files are damaged or contradict
     *     themselves or each other
     */
    public static Checkpoint open(Path fileOrDirectory, Optional<Path> mmproj) {
        return open(fileOrDirectory, mmproj, true);
    }

    /**
     * As {@link #open(Path)}, for uses that need no images: no other file is searched for a vision
     * part, nor can one stand in the way.
     */
    public static Checkpoint openText(Path fileOrDirectory) {
        return open(fileOrDirectory, Optional.empty(), false);
    }

    private static Checkpoint open(Path fileOrDirectory, Optional<Path> mmproj, boolean search) {
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try {
            Checkpoint checkpoint =
                    MappedCheckpoint.verified(read(fileOrDirectory, mmproj, search, arena), arena);
            opened = true;
            return checkpoint;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    private static CheckpointContents read(
            Path path, Optional<Path> mmproj, boolean search, Arena arena) {
        if (!Files.isDirectory(path)) {
            return readFile(path, mmproj, search, arena);
        }
        List<String> names = names(path);
        if (HuggingFaceModel.recognises(names)) {
            if (mmproj.isPresent()) {
                throw new InvalidRequest(
                        "mmproj",
                        mmproj.get()
                                + " was named as the vision part of "
                                + path
                                + ", but models in safetensors have theirs in their own files.",
                        "Leave it out, or name a GGUF model.");
            }
            return HuggingFaceModel.read(path, arena);
        }
        if (names.stream().anyMatch(name -> hasSuffix(name, ".gguf"))) {
            return GgufModel.read(path, GgufFolder.firstPart(path, names), mmproj, search, arena);
        }
        throw new ModelNotFound(
                path
                        + " holds no model: looked for config.json with model.safetensors or"
                        + " model.safetensors.index.json, and for *.gguf"
                        + (names.stream().anyMatch(Checkpoints::pickled)
                                ? "; Python pickles (*.bin, *.pt, *.pth) are not read."
                                : "."),
                "Name the folder that the model was downloaded to, or its .gguf file.");
    }

    private static CheckpointContents readFile(
            Path path, Optional<Path> mmproj, boolean search, Arena arena) {
        Path name = path.getFileName();
        if (name != null && hasSuffix(name.toString(), ".safetensors") && Files.exists(path)) {
            throw new ModelNotFound(
                    path + " is one file of a model folder.",
                    "Name the folder, which also holds config.json.");
        }
        return GgufModel.read(path, path, mmproj, search, arena);
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException e) {
            throw ModelFiles.failure(directory, new IOException(e));
        } catch (IOException e) {
            throw ModelFiles.failure(directory, e);
        }
    }

    private static boolean pickled(String name) {
        return hasSuffix(name, ".bin") || hasSuffix(name, ".pt") || hasSuffix(name, ".pth");
    }

    private static boolean hasSuffix(String name, String suffix) {
        return name.toLowerCase(Locale.ROOT).endsWith(suffix);
    }
}
