package org.scout4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scout4j bench}: measures. */
@Command(
        name = "bench",
        description = "Measures speed.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class BenchCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;
}
