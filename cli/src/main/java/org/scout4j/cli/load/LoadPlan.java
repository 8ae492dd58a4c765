package org.scout4j.cli.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a workload is put on a server.
 *
 * @param arrivals when requests are sent
 * @param requests how many to send, or null: as many as the duration has room for
 * @param duration for how long to send, or null; requests under way then are waited for
 * @param warmup requests sent before, with other texts, that are not counted
 * @param sampling what every request says about its answer
 * @param timeout the longest that one request may take from the moment it is sent
 */
public record LoadPlan(
        Arrivals arrivals,
        @Nullable Integer requests,
        @Nullable Duration duration,
        int warmup,
        Sampling sampling,
        Duration timeout) {

    /** When requests are sent. */
    public sealed interface Arrivals {
        /**
         * So many clients, each sending its next request when its last one has ended: a closed
         * loop.
         */
        record Clients(int count) implements Arrivals {}

        /**
         * A Poisson process that does not care how the server fares: an open loop. Latency counts
         * from the moment at which a request should have been sent.
         *
         * @param perSecond mean number of requests a second
         */
        record Poisson(double perSecond) implements Arrivals {}
    }

    /**
     * What every request says about its answer.
     *
     * @param ignoreEos whether to ask for {@code ignore_eos}, so that answers have the length drawn
     *     for them; llama-server, vLLM and others have it
     */
    public record Sampling(double temperature, boolean ignoreEos) {}
}
