package org.scout4j.cli.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.scout4j.cli.load.LoadResult.ServerResult;

/** Reasons to doubt a result, as sentences. */
final class Warnings {
    /** With fewer values the nearest-rank 99th percentile is the maximum. */
    private static final int ENOUGH_FOR_P99 = 100;

    /** A thread that wakes up later than this blurs times between tokens. */
    private static final double LAG_SECONDS = 0.010;

    /** A second's worth: a shorter run mostly sees the generator's own start. */
    private static final int ENOUGH_FOR_LAG = 50;

    private static final double LATENESS_SECONDS = 0.050;
    private static final double LENGTH_TOLERANCE = 0.05;

    private Warnings() {}

    static List<String> of(LoadResult result) {
        List<String> warnings = new ArrayList<>();
        if (result.stopped()) {
            warnings.add("The run was stopped before its end.");
        }
        for (ServerResult server : result.servers()) {
            String name = result.servers().size() == 1 ? "" : server.target() + ": ";
            ofServer(result, server).forEach(warning -> warnings.add(name + warning));
        }
        return warnings;
    }

    private static List<String> ofServer(LoadResult result, ServerResult server) {
        List<String> warnings = new ArrayList<>();
        Figures figures = server.figures();
        sample(figures, warnings);
        generator(figures, warnings);
        lengths(result, server, figures, warnings);
        return warnings;
    }

    private static void sample(Figures figures, List<String> warnings) {
        if (figures.failed() > 0) {
            warnings.add(
                    figures.failed()
                            + " of "
                            + figures.requests()
                            + " requests failed; latencies and tokens are those of the others.");
        }
        if (figures.succeeded() > 0 && figures.succeeded() < ENOUGH_FOR_P99) {
            warnings.add(
                    "The 99th percentile of "
                            + figures.succeeded()
                            + " requests is their maximum: send at least "
                            + ENOUGH_FOR_P99
                            + " to tell them apart.");
        }
    }

    private static void generator(Figures figures, List<String> warnings) {
        figures.lateness()
                .filter(lateness -> lateness.p99() > LATENESS_SECONDS)
                .ifPresent(lateness ->
                        warnings.add(
                                "The generator sent requests late (p99 "
                                        + millis(lateness.p99())
                                        + "), which counts as latency: it was itself a"
                                        + " bottleneck."));
        figures.lag()
                .filter(lag -> lag.count() >= ENOUGH_FOR_LAG && lag.p99() > LAG_SECONDS)
                .ifPresent(lag ->
                        warnings.add(
                                "The generator's threads woke up late (p99 "
                                        + millis(lag.p99())
                                        + "): it lacked processor time, and short times are"
                                        + " blurred by as much."));
        double most = 0.7 * Runtime.getRuntime().availableProcessors();
        if (figures.cores() > most) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "The generator kept %.1f of %d processors busy: run it on another"
                                    + " machine.",
                            figures.cores(),
                            Runtime.getRuntime().availableProcessors()));
        }
    }

    private static void lengths(
            LoadResult result, ServerResult server, Figures figures, List<String> warnings) {
        if (figures.early() > 0) {
            warnings.add(
                    figures.early()
                            + " of "
                            + figures.succeeded()
                            + " answers ended before the length asked for"
                            + (result.plan().sampling().ignoreEos()
                                    ? ": the server does not know ignore_eos."
                                    : "; --ignore-eos makes lengths equal where servers know"
                                            + " it."));
        }
        if (figures.untold() > 0) {
            warnings.add(
                    figures.untold()
                            + " of "
                            + figures.succeeded()
                            + " answers came without usage: their tokens are counted by the pieces"
                            + " of text that came, and their prompts not at all.");
            return;
        }
        double asked = askedPromptTokens(result, server);
        double off = figures.promptTokens() / asked - 1;
        if (asked > 0 && Math.abs(off) > LENGTH_TOLERANCE) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "Prompts were %+.0f %% off the tokens asked for: the text's length could"
                                    + " only be estimated, or the chat format alone is longer.",
                            off * 100));
        }
    }

    private static double askedPromptTokens(LoadResult result, ServerResult server) {
        double asked = 0;
        for (int run = 0; run < server.runs().size(); run++) {
            for (Outcome outcome : server.runs().get(run).outcomes()) {
                if (outcome.succeeded()) {
                    asked += result.workload().promptTokens(run, outcome.index());
                }
            }
        }
        return asked;
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.0f ms", seconds * 1000);
    }
}
