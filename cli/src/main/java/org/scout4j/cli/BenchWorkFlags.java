package org.scout4j.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.scout4j.cli.load.LoadPlan;
import org.scout4j.cli.load.TokenDistribution;
import org.scout4j.cli.load.Workload;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a benchmark of serving asks for, how often and for how long. */
final class BenchWorkFlags {
    private static final int DEFAULT_CONCURRENCY = 16;
    private static final int LEAST_REQUESTS = 64;
    private static final int REQUESTS_A_CLIENT = 4;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description =
                    "Closed loop: so many clients, each sends its next request when its last has"
                            + " ended. Default: "
                            + DEFAULT_CONCURRENCY
                            + ".")
    private @Nullable Integer concurrency;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description =
                    "Open loop instead: R requests a second on average, as a Poisson process;"
                            + " latency counts from the moment of arrival.")
    private @Nullable Double rate;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description =
                    "Send so many. Without --duration, default: four for each client, at least 64.")
    private @Nullable Integer requests;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Send for so long, e.g. 30s; what is under way then is waited for.")
    private @Nullable Duration duration;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description =
                    "Before each run, requests with other texts that do not count. Default: 0.")
    private int warmup;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "Runs on each server (with --compare). Default: 2.")
    private @Nullable Integer pairs;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "LENGTH",
            description =
                    "Tokens of prompts: 512, 64..1024 (each equally often) or normal:512:100 (mean,"
                            + " deviation). Default: ${DEFAULT-VALUE}.")
    private String promptTokens = "512";

    @Option(
            names = "--answer-tokens",
            paramLabel = "LENGTH",
            description = "Most tokens of answers, likewise. Default: ${DEFAULT-VALUE}.")
    private String answerTokens = "128";

    @Option(
            names = "--shared-prefix",
            paramLabel = "N",
            converter = TokenCount.class,
            description = "Tokens at the start that prompts have in common. Default: 0.")
    private int sharedPrefix;

    @Option(
            names = "--prefix-groups",
            paramLabel = "K",
            description = "Different shared prefixes, by turns. Default: 1.")
    private int prefixGroups = 1;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The same seed sends the same requests. Default: 0.")
    private long seed;

    @Option(
            names = {"--temp", "--temperature"},
            paramLabel = "T",
            description = "Chance in answers. Default: 0.")
    private double temperature;

    @Option(
            names = "--ignore-eos",
            description =
                    "Send ignore_eos, so that answers have the full length; llama-server, vLLM and"
                            + " others know it, hosted services refuse it.")
    private boolean ignoreEos;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "The longest that one request may take. Default: 10m.")
    Duration timeout = Duration.ofMinutes(10);

    LoadPlan plan() {
        if (concurrency != null && rate != null) {
            throw new InvalidRequest(
                    "rate",
                    "--concurrency is a closed loop and --rate an open one.",
                    "Give one of them.");
        }
        atLeast("concurrency", concurrency, 1);
        atLeast("requests", requests, 1);
        atLeast("warmup", warmup, 0);
        boolean rateUsable = rate == null || (rate > 0 && rate <= 1e6);
        if (!rateUsable) {
            throw new InvalidRequest(
                    "rate", "--rate is " + rate + "; it must be above 0 and at most 1000000.");
        }
        boolean temperatureUsable = temperature >= 0 && temperature <= 5;
        if (!temperatureUsable) {
            throw new InvalidRequest(
                    "temperature", "--temperature is " + temperature + ", not between 0 and 5.");
        }
        positive("timeout", timeout);
        positive("duration", duration);
        int clients = concurrency == null ? DEFAULT_CONCURRENCY : concurrency;
        LoadPlan.Arrivals arrivals =
                rate != null
                        ? new LoadPlan.Arrivals.Poisson(rate)
                        : new LoadPlan.Arrivals.Clients(clients);
        Integer most = requests;
        if (most == null && duration == null) {
            most =
                    Math.max(
                            LEAST_REQUESTS,
                            (int) Math.min(1L << 30, (long) REQUESTS_A_CLIENT * clients));
        }
        LoadPlan.Sampling sampling = new LoadPlan.Sampling(temperature, ignoreEos);
        return new LoadPlan(arrivals, most, duration, warmup, sampling, timeout);
    }

    Workload workload() {
        TokenDistribution prompt = distribution("--prompt-tokens", promptTokens);
        TokenDistribution answer = distribution("--answer-tokens", answerTokens);
        atLeast("shared-prefix", sharedPrefix, 0);
        atLeast("prefix-groups", prefixGroups, 1);
        boolean fixed = !(prompt instanceof TokenDistribution.Normal);
        if (fixed && sharedPrefix > 0 && prompt.least() <= sharedPrefix) {
            throw new InvalidRequest(
                    "shared-prefix",
                    "--shared-prefix is "
                            + sharedPrefix
                            + ", but prompts may have only "
                            + prompt.least()
                            + " tokens.",
                    "Make prompts longer than what they share.");
        }
        return new Workload(seed, prompt, answer, sharedPrefix, prefixGroups);
    }

    /** How many runs each server gets. */
    int runs(boolean comparing) {
        atLeast("pairs", pairs, 1);
        if (!comparing && pairs != null) {
            throw new InvalidRequest("pairs", "--pairs is for --compare URL.");
        }
        return !comparing ? 1 : pairs == null ? 2 : pairs;
    }

    private static TokenDistribution distribution(String flag, String text) {
        try {
            return TokenDistribution.parse(text, new TokenCount()::convert);
        } catch (TypeConversionException | IllegalArgumentException e) {
            throw new InvalidRequest(
                    flag.substring(2),
                    flag + " cannot be used: " + e.getMessage() + ".",
                    "Give a length like 512, 64..1024 or normal:512:100.");
        }
    }

    private static void atLeast(String flag, @Nullable Integer value, int least) {
        if (value != null && value < least) {
            throw new InvalidRequest(
                    flag, "--" + flag + " is " + value + "; it must be at least " + least + ".");
        }
    }

    private static void positive(String flag, @Nullable Duration value) {
        if (value != null && !value.isPositive()) {
            throw new InvalidRequest(flag, "--" + flag + " must be longer than nothing.");
        }
    }
}
