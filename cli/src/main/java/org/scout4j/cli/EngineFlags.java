package org.scout4j.cli;

import org.jspecify.annotations.Nullable;
import org.scout4j.LoadOptions;
import picocli.CommandLine.Option;

/** How an engine shares itself among many requests. */
final class EngineFlags {
    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Requests computed at the same time. Default: ${DEFAULT-VALUE}.")
    private int slots = 4;

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Requests that may wait for a slot. Default: ${DEFAULT-VALUE}.")
    private int queue = 256;

    @Option(
            names = "--cache-tokens",
            paramLabel = "TOKENS",
            converter = TokenCount.class,
            description =
                    "Tokens that the key/value cache holds in all. Default: every slot's context.")
    private @Nullable Integer cacheTokens;

    @Option(
            names = "--step-tokens",
            paramLabel = "TOKENS",
            converter = TokenCount.class,
            description = "Most tokens computed in one step. Default: ${DEFAULT-VALUE}.")
    private int stepTokens = 256;

    @Option(
            names = "--no-prefix-cache",
            description = "Compute every prompt anew, also when it begins like an earlier one.")
    private boolean noPrefixCache;

    /** Adds to what the flags for loading say. */
    LoadOptions.Builder addTo(LoadOptions.Builder options) {
        options.slots(slots).queue(queue).stepTokens(stepTokens).prefixCache(!noPrefixCache);
        if (cacheTokens != null) {
            options.cacheTokens(cacheTokens);
        }
        return options;
    }
}
