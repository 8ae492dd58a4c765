package org.scout4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scout4j models}: what lies on disk. */
@Command(
        name = "models",
        description = "Tells about models on disk.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class ModelsCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;
}
