package org.scout4j.cli.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * All runs of one command, and what they mean.
 *
 * @param servers one, or two that were compared
 */
public record LoadResult(
        LoadPlan plan, Workload workload, List<ServerResult> servers, boolean stopped) {

    /**
     * Runs of one server.
     *
     * @param runs in order; run i of one server and run i of the other sent the same requests
     */
    public record ServerResult(Target target, String model, List<LoadRun> runs) {
        Figures figures() {
            return Figures.of(runs);
        }
    }

    /**
     * One figure of the first server divided by the second's, pair by pair.
     *
     * @param higherIsBetter which way the figure gets better
     * @param values one for each pair of runs
     */
    public record Ratio(String name, boolean higherIsBetter, double[] values) {
        double median() {
            return Summary.median(values);
        }

        double min() {
            return Arrays.stream(values).min().orElseThrow();
        }

        double max() {
            return Arrays.stream(values).max().orElseThrow();
        }
    }

    /** The requests that succeeded and those that did not, of all servers. */
    public int failed() {
        return servers.stream().mapToInt(server -> server.figures().failed()).sum();
    }

    /** How many requests there were. */
    public int requests() {
        return servers.stream().mapToInt(server -> server.figures().requests()).sum();
    }

    /** Empty of one server; figures that a pair lacks are left out of that pair. */
    List<Ratio> ratios() {
        if (servers.size() < 2) {
            return List.of();
        }
        List<Ratio> ratios = new ArrayList<>();
        add(ratios, "output_tokens_per_second", true, Figures::outputRate);
        add(ratios, "total_tokens_per_second", true, Figures::totalRate);
        add(ratios, "requests_per_second", true, Figures::requestRate);
        add(ratios, "time_to_first_token_p50", false, of(Figures::firstToken, Summary::p50));
        add(ratios, "time_to_first_token_p99", false, of(Figures::firstToken, Summary::p99));
        add(ratios, "inter_token_p50", false, of(Figures::betweenEvents, Summary::p50));
        add(ratios, "inter_token_p99", false, of(Figures::betweenEvents, Summary::p99));
        add(ratios, "time_per_output_token_p50", false, of(Figures::perToken, Summary::p50));
        add(ratios, "end_to_end_p50", false, of(Figures::whole, Summary::p50));
        add(ratios, "end_to_end_p99", false, of(Figures::whole, Summary::p99));
        return ratios;
    }

    private static ToDoubleFunction<Figures> of(
            Function<Figures, Optional<Summary>> summary, ToDoubleFunction<Summary> value) {
        return figures ->
                summary.apply(figures).map(s -> value.applyAsDouble(s)).orElse(Double.NaN);
    }

    private void add(
            List<Ratio> ratios,
            String name,
            boolean higherIsBetter,
            ToDoubleFunction<Figures> figure) {
        List<LoadRun> first = servers.get(0).runs();
        List<LoadRun> second = servers.get(1).runs();
        double[] values = new double[Math.min(first.size(), second.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    figure.applyAsDouble(Figures.of(first.get(i)))
                            / figure.applyAsDouble(Figures.of(second.get(i)));
        }
        double[] known = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (known.length > 0) {
            ratios.add(new Ratio(name, higherIsBetter, known));
        }
    }
}
