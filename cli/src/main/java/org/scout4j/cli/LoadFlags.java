package org.scout4j.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.scout4j.LoadOptions;
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
            names = "--mmproj",
            paramLabel = "FILE",
            description =
                    "File of the vision part of a GGUF model. Default: the one beside it that fits.")
    @Nullable Path mmproj;

    @Option(
            names = "--allow-streaming",
            description = "Load even if the weights exceed memory; slow.")
    boolean allowStreaming;

    LoadOptions.Builder options() {
        LoadOptions.Builder options =
                LoadOptions.builder()
                        .slots(1)
                        .backend(backend)
                        .threads(threads)
                        .allowStreaming(allowStreaming);
        if (context != null) {
            options.context(context);
        }
        if (mmproj != null) {
            options.mmproj(mmproj);
        }
        return options;
    }
}
