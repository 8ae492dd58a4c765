package org.scout4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scout4j} without a subcommand: help and version. */
@Command(
        name = "scout4j",
        description = "Runs Llama 4 Scout and its relatives on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = VersionCommand.Provider.class,
        exitCodeListHeading = "%nExit codes:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  scout4j chat \"What is the capital of Norway?\"",
            "  scout4j chat -m models/Llama-4-Scout-17B-16E-Instruct",
            "  git diff | scout4j chat \"Write a commit message for this diff.\"",
        })
final class RootCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    boolean version;
}
