package org.scout4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.ModelNotFound;

/**
 * Finds the model that a user means: by path, or by name in the places where models lie.
 *
 * @param path the file or directory
 * @param demonstration whether nobody named a model, so that the small one in the checkout answers
 */
record ModelLookup(Path path, boolean demonstration) {
    /** The model to use when none is named. */
    static final String VARIABLE = "SCOUT4J_MODEL";

    /** A directory of the user's own: its {@code models} are found by name. */
    static final String HOME_VARIABLE = "SCOUT4J_HOME";

    private static final String DEMONSTRATION = "scout-nano";
    private static final String REMEDY =
            "Name a Hugging Face directory or a GGUF file: -m PATH, or a name below ./models or"
                    + " $SCOUT4J_HOME/models.";

    /**
     * @param named what the command line names, or null
     * @throws ModelNotFound listing every path tried
     */
    static ModelLookup find(@Nullable String named, Surroundings here) {
        Optional<String> wanted = Optional.ofNullable(named).or(() -> here.variable(VARIABLE));
        if (wanted.isPresent()) {
            return new ModelLookup(existing(wanted.get(), here), false);
        }
        Path embedded =
                here.checkout().orElse(here.directory()).resolve("models").resolve(DEMONSTRATION);
        if (!Files.exists(embedded)) {
            throw new ModelNotFound(
                    "No model was named, and the demonstration model is not at " + embedded + ".",
                    REMEDY);
        }
        return new ModelLookup(embedded, true);
    }

    private static Path existing(String name, Surroundings here) {
        List<Path> tried = candidates(name, here);
        for (Path candidate : tried) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        throw new ModelNotFound(
                "There is no model '"
                        + name
                        + "'. Tried: "
                        + tried.stream().map(Path::toString).collect(Collectors.joining(", "))
                        + ".",
                REMEDY);
    }

    private static List<Path> candidates(String name, Surroundings here) {
        List<Path> candidates = new ArrayList<>();
        candidates.add(here.directory().resolve(name));
        if (!Path.of(name).isAbsolute()) {
            candidates.add(here.directory().resolve("models").resolve(name));
            here.variable(HOME_VARIABLE)
                    .ifPresent(home -> candidates.add(Path.of(home, "models", name)));
            here.checkout()
                    .ifPresent(
                            checkout -> candidates.add(checkout.resolve("models").resolve(name)));
        }
        return candidates.stream().distinct().toList();
    }
}
