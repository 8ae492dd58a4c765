package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.scout4j.cli.load.Target;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Option;

/** Which server a benchmark asks, and how. */
final class BenchTargetFlags {
    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server. Default: SCOUT4J_URL, else " + DEFAULT_URL + ".")
    private @Nullable String url;

    @Option(
            names = "--compare",
            paramLabel = "URL",
            description =
                    "Measure this server too, by turns with the first (A B, B A, …) and with the"
                            + " same requests, and print ratios.")
    private @Nullable String compare;

    @Option(
            names = "--model",
            paramLabel = "ID",
            description = "The model to ask for. Default: the first that the server lists.")
    @Nullable String model;

    @Option(
            names = "--compare-model",
            paramLabel = "ID",
            description = "The model of the other server. Default: the first that it lists.")
    @Nullable String compareModel;

    @Option(
            names = "--api",
            paramLabel = "NAME",
            description = "chat or completions: the endpoint. Default: ${DEFAULT-VALUE}.")
    private Target.Api api = Target.Api.CHAT;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "Holds the API key. Default: SCOUT4J_API_KEY, else none.")
    private @Nullable Path keyFile;

    @Option(
            names = "--compare-key-file",
            paramLabel = "FILE",
            description = "Holds the other server's API key. Default: none.")
    private @Nullable Path compareKeyFile;

    Target first(Surroundings here) {
        String where = url != null ? url : here.variable("SCOUT4J_URL").orElse(DEFAULT_URL);
        String key =
                keyFile != null
                        ? read(here, keyFile)
                        : here.variable("SCOUT4J_API_KEY").map(String::strip).orElse(null);
        return target(where, key);
    }

    /** The other server, or null. The first one's key is not for it. */
    @Nullable Target second(Surroundings here) {
        if (compare == null) {
            if (compareModel != null || compareKeyFile != null) {
                throw new InvalidRequest(
                        "compare", "There is no other server: give --compare URL.");
            }
            return null;
        }
        return target(compare, compareKeyFile == null ? null : read(here, compareKeyFile));
    }

    private Target target(String text, @Nullable String key) {
        if (key != null && !fitForHeader(key)) {
            throw new InvalidRequest(
                    "api_key",
                    "The API key holds characters that no key has; is it the right file?");
        }
        try {
            return Target.of(text, api, key);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest(
                    "url",
                    "'" + text + "' cannot be used as a URL: " + e.getMessage() + ".",
                    "Give it like " + DEFAULT_URL + ".");
        }
    }

    private static boolean fitForHeader(String key) {
        return !key.isEmpty() && key.chars().allMatch(c -> c > 0x20 && c < 0x7F);
    }

    private static String read(Surroundings here, Path file) {
        try {
            return Files.readString(here.directory().resolve(file)).strip();
        } catch (IOException e) {
            throw new InvalidRequest(
                    "api_key", "The key file " + file + " cannot be read: " + IoReason.of(e) + ".");
        }
    }
}
