package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;
import org.scout4j.server.ServerOptions;
import picocli.CommandLine.Option;

/** Where a server listens, to whom, and what it allows. */
final class ListenFlags {
    private static final String HOST_VARIABLE = "SCOUT4J_SERVER_HOST";
    private static final String PORT_VARIABLE = "SCOUT4J_SERVER_PORT";
    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 8080;
    private static final int LAST_PORT = 65_535;
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "Address to listen on. Default: $$SCOUT4J_SERVER_HOST, then 127.0.0.1; others"
                            + " need --api-key-file or --insecure.")
    private @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "Port to listen on, 0 for any free one. Default: $$SCOUT4J_SERVER_PORT, then"
                            + " 8080.")
    private @Nullable Integer port;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "Keys that clients need, one a line; # begins a comment.")
    private @Nullable Path keyFile;

    @Option(names = "--insecure", description = "Listen beyond this machine without keys.")
    private boolean insecure;

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description = "Let pages of this origin call from a browser; may be repeated.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = "--strict-fields",
            description = "Refuse unknown fields of requests instead of ignoring them.")
    private boolean strict;

    @Option(
            names = "--body-limit",
            paramLabel = "SIZE",
            converter = ByteCount.class,
            description = "Longest body of a request, e.g. 64MiB. Default: 64MiB.")
    private @Nullable Long bodyLimit;

    @Option(
            names = "--queue-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Longest wait for a request's first step, e.g. 90s. Default: 5m.")
    private @Nullable Duration queueTimeout;

    @Option(
            names = "--request-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Longest time a request may take in all, e.g. 10m. Default: 30m.")
    private @Nullable Duration requestTimeout;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description =
                    "How long running requests may go on after SIGTERM, e.g. 30s. Default: 30s.")
    private @Nullable Duration drain;

    @Option(
            names = "--connections-per-address",
            paramLabel = "N",
            description =
                    "Most connections at a time from one address; raise it behind a proxy."
                            + " Default: 1024.")
    private @Nullable Integer perAddress;

    @Option(
            names = "--metrics-compat",
            paramLabel = "NAME",
            split = ",",
            description = "Tell metrics under other servers' names too: vllm, llamacpp.")
    private List<String> metrics = new ArrayList<>();

    @Option(
            names = {"--allow-image-hosts", "--allow-image-host"},
            paramLabel = "HOST[:PORT]",
            split = ",",
            description =
                    "Fetch images of requests by https from exactly these hosts, if their"
                            + " addresses are public; may be repeated. Default: fetch none.")
    private List<String> imageHosts = new ArrayList<>();

    /**
     * What the flags and variables say.
     *
     * @param modelNames names that the model answers to, the first is listed
     */
    ServerOptions options(List<String> modelNames, Surroundings here) {
        for (String name : metrics) {
            if (!name.equals("vllm") && !name.equals("llamacpp")) {
                throw new InvalidRequest(
                        "metrics-compat",
                        "--metrics-compat knows vllm and llamacpp, not '" + name + "'.");
            }
        }
        return new ServerOptions(
                host != null ? host : here.variable(HOST_VARIABLE).orElse(DEFAULT_HOST),
                port(here),
                modelNames,
                keyFile == null ? List.of() : keys(here.directory().resolve(keyFile)),
                origins,
                strict,
                limits(),
                metrics,
                VersionCommand.version(),
                insecure,
                ServerOptions.ImageRules.defaults().withHosts(imageHosts));
    }

    private int port(Surroundings here) {
        int chosen =
                port != null
                        ? port
                        : here.variable(PORT_VARIABLE)
                                .map(ListenFlags::portNumber)
                                .orElse(DEFAULT_PORT);
        if (chosen < 0 || chosen > LAST_PORT) {
            throw new InvalidRequest(
                    "port", "The port is " + chosen + "; ports go from 0 to " + LAST_PORT + ".");
        }
        return chosen;
    }

    private static int portNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new InvalidRequest(
                    "port", PORT_VARIABLE + " is '" + text + "', which is no number.");
        }
    }

    private static List<String> keys(Path file) {
        List<String> keys;
        try {
            keys =
                    Files.readAllLines(file).stream()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList();
        } catch (IOException e) {
            throw new InvalidRequest(
                    "api-key-file",
                    "The key file " + file + " cannot be read: " + IoReason.of(e) + ".");
        }
        if (keys.isEmpty()) {
            throw new InvalidRequest(
                    "api-key-file",
                    "The key file " + file + " has no key in it.",
                    "Write one key a line, for example from: openssl rand -hex 24");
        }
        return keys;
    }

    private ServerOptions.HttpLimits limits() {
        ServerOptions.HttpLimits standard = ServerOptions.HttpLimits.defaults();
        if (perAddress != null && perAddress < 1) {
            throw new InvalidRequest(
                    "connections-per-address",
                    "--connections-per-address is " + perAddress + "; it has to be at least 1.");
        }
        return new ServerOptions.HttpLimits(
                bodyLimit == null ? standard.bodyBytes() : bodyLimit,
                standard.headerTimeout(),
                standard.bodyIdleTimeout(),
                standard.idleTimeout(),
                standard.writeTimeout(),
                standard.keepAlive(),
                timeout("queue-timeout", queueTimeout, standard.queueTimeout()),
                timeout("request-timeout", requestTimeout, standard.requestTimeout()),
                drain == null ? standard.drainTimeout() : drain,
                standard.connections(),
                perAddress == null ? standard.connectionsPerAddress() : perAddress);
    }

    private static Duration timeout(String flag, @Nullable Duration given, Duration standard) {
        if (given == null) {
            return standard;
        }
        if (!given.isPositive() || given.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new InvalidRequest(
                    flag,
                    "--"
                            + flag
                            + " is "
                            + given.toSeconds()
                            + " s; it goes from above 0 to a year.");
        }
        return given;
    }
}
