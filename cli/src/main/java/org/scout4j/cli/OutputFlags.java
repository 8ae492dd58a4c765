package org.scout4j.cli;

import java.util.Arrays;
import picocli.CommandLine.Option;

/** Flags that every command has: the form of what it prints. */
final class OutputFlags {
    @Option(names = "--json", description = "Print one JSON object; errors too.")
    boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "auto, always or never. NO_COLOR is obeyed.")
    Palette.When color = Palette.When.AUTO;

    @Option(names = "--debug", description = "Print the stack trace of a failure.")
    boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;

    /** What a command line that cannot be parsed seems to have asked for. */
    static OutputFlags glimpse(String... args) {
        OutputFlags flags = new OutputFlags();
        flags.json = Arrays.asList(args).contains("--json");
        flags.debug = Arrays.asList(args).contains("--debug");
        flags.color = glimpseColor(args);
        return flags;
    }

    private static Palette.When glimpseColor(String... args) {
        for (int i = 0; i < args.length; i++) {
            String value =
                    args[i].startsWith("--color=")
                            ? args[i].substring("--color=".length())
                            : args[i].equals("--color") && i + 1 < args.length ? args[i + 1] : "";
            for (Palette.When when : Palette.When.values()) {
                if (when.name().equalsIgnoreCase(value)) {
                    return when;
                }
            }
        }
        return Palette.When.AUTO;
    }
}
