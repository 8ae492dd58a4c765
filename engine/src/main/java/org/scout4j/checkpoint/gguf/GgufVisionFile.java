package org.scout4j.checkpoint.gguf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelFiles;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.ScoutException;
import org.scout4j.error.VerificationFailed;

/** Which file holds the vision part of a GGUF model: one that is named, or one that lies beside. */
final class GgufVisionFile {
    private static final Logger LOGGER = System.getLogger(GgufVisionFile.class.getName());

    private GgufVisionFile() {}

    /**
     * The file that somebody named.
     *
     * @param hidden width of the text model
     * @throws ModelNotFound if it is not there
     * @throws VerificationFailed if it is damaged or belongs to another model
     */
    static GgufFile named(Path path, int hidden, Arena arena) {
        GgufFile file = GgufFile.map(path, arena);
        GgufVision.misfit(file, hidden)
                .ifPresent(misfit -> {
                    throw new VerificationFailed(path, misfit);
                });
        return file;
    }

    /**
     * The {@code *mmproj*.gguf} in the model's folder whose metadata fit. Folders may hold those of
     * other models, so what does not fit is passed over, with a word in the log. One that cannot be
     * read is passed over only if another fits: it may be the model's own.
     *
     * @param model a file of the text model
     * @throws ModelNotFound if several fit
     * @throws ScoutException if none fits and one cannot be read
     */
    static Optional<GgufFile> beside(Path model, int hidden, Arena arena) {
        List<GgufFile> fitting = new ArrayList<>();
        ScoutException unreadable = null;
        for (Path candidate : candidates(model)) {
            try {
                GgufFile file = GgufFile.map(candidate, arena);
                Optional<String> misfit = GgufVision.misfit(file, hidden);
                if (misfit.isEmpty()) {
                    fitting.add(file);
                } else {
                    passOver(candidate, misfit.get());
                }
            } catch (VerificationFailed | ModelNotFound e) {
                passOver(candidate, String.valueOf(e.getMessage()));
                unreadable = unreadable == null ? e : unreadable;
            }
        }
        return only(model, fitting, unreadable);
    }

    private static Optional<GgufFile> only(
            Path model, List<GgufFile> fitting, @Nullable ScoutException unreadable) {
        if (fitting.isEmpty() && unreadable != null) {
            throw unreadable;
        }
        if (fitting.size() > 1) {
            throw new ModelNotFound(
                    model
                            + " has "
                            + fitting.size()
                            + " vision parts beside it that fit: "
                            + Excerpt.of(
                                    fitting.stream()
                                            .map(file -> String.valueOf(file.path().getFileName()))
                                            .collect(Collectors.joining(", "))),
                    "Name one of them (--mmproj).");
        }
        return fitting.stream().findFirst();
    }

    private static void passOver(Path candidate, String reason) {
        LOGGER.log(
                Level.WARNING,
                () -> candidate + " is not used as the model's vision part: " + reason);
    }

    private static List<Path> candidates(Path model) {
        Path folder = model.toAbsolutePath().getParent();
        if (folder == null) {
            return List.of();
        }
        // Named as the model is, so that messages show what the user knows.
        Path shown = model.getParent();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(GgufFolder::isVisionPart)
                    .sorted()
                    .map(name -> shown == null ? Path.of(name) : shown.resolve(name))
                    .toList();
        } catch (UncheckedIOException e) {
            throw ModelFiles.failure(folder, new IOException(e));
        } catch (IOException e) {
            throw ModelFiles.failure(folder, e);
        }
    }
}
