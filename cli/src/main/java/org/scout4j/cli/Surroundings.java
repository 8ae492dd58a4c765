package org.scout4j.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a command knows of the process around it, so that tests can give it another.
 *
 * @param in standard input
 * @param out standard output: data
 * @param err standard error: talk
 * @param terminals which of the three are terminals
 * @param environment environment variables
 * @param checkout the scout4j checkout or installation, which holds the demonstration model
 * @param directory what relative paths start from
 * @param interruption Ctrl-C
 */
record Surroundings(
        InputStream in,
        Output out,
        Output err,
        Terminals terminals,
        Map<String, String> environment,
        Optional<Path> checkout,
        Path directory,
        Interruption interruption) {

    /** Set by the launcher: where the checkout lies. */
    static final String HOME_PROPERTY = "scout4j.home";

    /** Set by the launcher: the file descriptors among 0, 1, 2 that are terminals. */
    static final String TERMINALS_PROPERTY = "scout4j.terminals";

    /** Which standard streams are terminals. */
    record Terminals(boolean in, boolean out, boolean err) {
        static final Terminals NONE = new Terminals(false, false, false);

        /** What the launcher saw; without a launcher, what the JDK can tell about all three. */
        static Terminals of(@Nullable String descriptors) {
            if (descriptors == null) {
                Console console = System.console();
                boolean all = console != null && console.isTerminal();
                return new Terminals(all, all, all);
            }
            return new Terminals(
                    descriptors.contains("0"),
                    descriptors.contains("1"),
                    descriptors.contains("2"));
        }
    }

    static Surroundings ofProcess(Interruption interruption) {
        return new Surroundings(
                new FileInputStream(FileDescriptor.in),
                new Output(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))),
                new Output(new FileOutputStream(FileDescriptor.err)),
                Terminals.of(System.getProperty(TERMINALS_PROPERTY)),
                System.getenv(),
                Optional.ofNullable(System.getProperty(HOME_PROPERTY)).map(Path::of),
                Path.of(""),
                interruption);
    }

    /** No terminal and no environment: for programs that run a command in their own process. */
    static Surroundings ofStreams(InputStream in, OutputStream out, OutputStream err) {
        return new Surroundings(
                in,
                new Output(out),
                new Output(err),
                Terminals.NONE,
                Map.of(),
                Optional.ofNullable(System.getProperty(HOME_PROPERTY)).map(Path::of),
                Path.of(""),
                new Interruption());
    }

    /** An environment variable that is set and not empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
