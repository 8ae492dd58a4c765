package org.scout4j.server;

import java.time.Duration;
import java.util.List;
import org.scout4j.vision.ImageLimits;

/**
 * How a server listens and what it allows. Defaults are those of spec "Reliability" §5.
 *
 * @param host address to listen on; loopback unless there are keys
 * @param port 0 = any free one
 * @param modelNames names the model answers to, the first is listed
 * @param keys API keys; empty = none are asked for
 * @param corsOrigins origins that browsers may call from; empty = none
 * @param strictFields whether unknown fields are refused instead of ignored
 * @param limits what a client may send and how long it may take
 * @param metricsAliases also answer to other servers' metric names: {@code vllm}, {@code llamacpp}
 * @param build version, for fingerprints and metrics
 * @param insecure whether addresses beyond loopback may be served without keys
 * @param images which images requests may show
 */
public record ServerOptions(
        String host,
        int port,
        List<String> modelNames,
        List<String> keys,
        List<String> corsOrigins,
        boolean strictFields,
        HttpLimits limits,
        List<String> metricsAliases,
        String build,
        boolean insecure,
        ImageRules images) {

    /** Loopback only, no keys, default limits. */
    public static ServerOptions local(int port, List<String> modelNames) {
        return new ServerOptions(
                "127.0.0.1",
                port,
                modelNames,
                List.of(),
                List.of(),
                false,
                HttpLimits.defaults(),
                List.of(),
                "dev",
                false,
                ImageRules.defaults());
    }

    /**
     * Which images requests may show.
     *
     * @param most most images of one request
     * @param bytes most bytes of one image, as a file
     * @param requestBytes most bytes of the images that one request has fetched from other hosts
     * @param hosts where images are fetched from, as {@code HOST} or {@code HOST:PORT}; empty =
     *     images are never fetched
     */
    public record ImageRules(int most, int bytes, long requestBytes, List<String> hosts) {
        public ImageRules {
            hosts = List.copyOf(hosts);
        }

        /** What the engine takes, and nothing from other hosts. */
        public static ImageRules defaults() {
            return new ImageRules(
                    ImageLimits.DEFAULT.images(),
                    ImageLimits.DEFAULT.fileBytes(),
                    HttpLimits.defaults().bodyBytes(),
                    List.of());
        }

        /** The same with other hosts. */
        public ImageRules withHosts(List<String> others) {
            return new ImageRules(most, bytes, requestBytes, others);
        }
    }

    /**
     * Limits of one connection and one request.
     *
     * @param bodyBytes longest body
     * @param headerTimeout longest wait for the head of a request
     * @param bodyIdleTimeout longest silence inside a body
     * @param idleTimeout longest silence between two requests
     * @param writeTimeout longest time that a client may leave its events unread
     * @param keepAlive silence of an event stream before a comment fills it
     * @param queueTimeout longest wait for the first step
     * @param requestTimeout longest time a generation may take
     * @param drainTimeout how long running requests may go on after SIGTERM
     * @param connections most at a time
     * @param connectionsPerAddress most at a time from one address
     */
    public record HttpLimits(
            long bodyBytes,
            Duration headerTimeout,
            Duration bodyIdleTimeout,
            Duration idleTimeout,
            Duration writeTimeout,
            Duration keepAlive,
            Duration queueTimeout,
            Duration requestTimeout,
            Duration drainTimeout,
            int connections,
            int connectionsPerAddress) {
        public static HttpLimits defaults() {
            return new HttpLimits(
                    64L << 20,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(30),
                    10_240,
                    1_024);
        }
    }
}
