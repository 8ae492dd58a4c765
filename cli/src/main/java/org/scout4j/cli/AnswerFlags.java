package org.scout4j.cli;

import picocli.CommandLine.Option;

/** How an answer is shown. */
final class AnswerFlags {
    @Option(names = "--no-stream", description = "Print the answer when it is whole.")
    boolean whole;

    @Option(names = "--verbose", description = "Say at the end how many tokens at what speed.")
    boolean verbose;

    @Option(
            names = "--fail-on-length",
            description = "Exit with 9 when the answer was cut by its length.")
    boolean failOnLength;
}
