package org.scout4j.checkpoint.safetensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.scout4j.checkpoint.ModelFiles;
import org.scout4j.error.VerificationFailed;

/**
 * The folder of a downloaded model. Files are opened by plain name, and a link must not lead out of
 * it, so that a model can name no file of its reader's; the download cache of Hugging Face, whose
 * {@code snapshots/<revision>} link into {@code blobs} beside them, counts as inside.
 *
 * @param path as the user named it
 * @param real without links
 */
record ModelFolder(Path path, Path real) {

    static ModelFolder of(Path path) {
        try {
            return new ModelFolder(path, path.toRealPath());
        } catch (IOException e) {
            throw ModelFiles.failure(path, e);
        }
    }

    /**
     * @return empty if there is no entry of that name
     * @throws VerificationFailed if it is a link that leads out of the folder
     */
    Optional<Path> find(String name) {
        Path file = path.resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        requireInside(file);
        return Optional.of(file);
    }

    /** The content of a small file, if it is there. */
    Optional<byte[]> read(String name, int limit) {
        return find(name).map(file -> ModelFiles.read(file, limit));
    }

    private void requireInside(Path file) {
        Path target;
        try {
            target = file.toRealPath();
        } catch (IOException e) {
            throw ModelFiles.failure(file, e);
        }
        if (!target.startsWith(real) && !inCache(target)) {
            throw new VerificationFailed(
                    file, "a link that leads out of the model's folder, to " + target);
        }
    }

    private boolean inCache(Path target) {
        Path snapshots = real.getParent();
        Path repository = snapshots == null ? null : snapshots.getParent();
        return snapshots != null
                && repository != null
                && snapshots.endsWith("snapshots")
                && target.startsWith(repository.resolve("blobs"));
    }
}
