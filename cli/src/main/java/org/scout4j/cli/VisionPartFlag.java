package org.scout4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --mmproj}: the other file of a GGUF model that reads images. */
final class VisionPartFlag {
    @Option(
            names = "--mmproj",
            paramLabel = "FILE",
            description =
                    "The vision part of a GGUF model. Default: the one beside it that fits, called"
                            + " *mmproj*.gguf.")
    private @Nullable Path mmproj;

    Optional<Path> file(Surroundings here) {
        return Optional.ofNullable(mmproj).map(here.directory()::resolve);
    }
}
