package org.scout4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scout4j schema}: what answers can be held to. */
@Command(
        name = "schema",
        description = "Tells what JSON Schemas answers can be held to.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class SchemaCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;
}
