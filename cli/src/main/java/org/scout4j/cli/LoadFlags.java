package org.scout4j.cli;

import org.jspecify.annotations.Nullable;
import org.scout4j.LoadOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model is loaded; for one conversation unless more is said. */
final class LoadFlags {
    @Option(
            names = "--ctx",
            paramLabel = "TOKENS",
            converter = TokenCount.class,
            description = "Room for prompt and answer, e.g. 16384 or 16K. Default: what fits.")
    @Nullable Integer context;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute. Default: all cores.")
    int threads;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "auto, vector or scalar. Default: ${DEFAULT-VALUE}.")
    String backend = "auto";

    @Option(
            names = "--allow-streaming",
            description = "Load even if the weights exceed memory; slow.")
    boolean allowStreaming;

    @Mixin final VisionPartFlag visionPart = new VisionPartFlag();

    LoadOptions.Builder options(Surroundings here) {
        LoadOptions.Builder options =
                LoadOptions.builder()
                        .slots(1)
                        .backend(backend)
                        .threads(threads)
                        .allowStreaming(allowStreaming);
        if (context != null) {
            options.context(context);
        }
        visionPart.file(here).ifPresent(options::mmproj);
        return options;
    }
}
