package org.scout4j.cli.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scout4j.cli.load.Outcome.Fault;

/**
 * What one or several runs on one server measured. All times are seconds. Tokens and latencies are
 * those of requests that succeeded; latencies count from the moment at which a request should have
 * been sent.
 *
 * @param seconds from the first request to the end of the last, summed over the runs
 * @param outputTokens tokens of answers
 * @param promptTokens tokens of prompts, as far as the server told
 * @param cachedTokens those of them that it had computed before, or null if it never told
 * @param contentEvents pieces of answers that came
 * @param untold answers without usage, whose tokens are counted by their pieces
 * @param early answers that ended before the length they were asked for
 * @param firstToken to the first piece of the answer
 * @param betweenEvents from one piece to the next, of all answers
 * @param perToken from the first piece to the last, divided by the tokens behind the first; one
 *     value an answer, only where the server told its tokens
 * @param whole to the end of the answer
 * @param meanInFlight requests under way, mean over time
 * @param lateness from the moment at which a request should have been sent to the one at which it
 *     was: the generator's own delay
 * @param lag how late the generator's threads woke up
 * @param cores processors that the generator kept busy, mean over time
 */
public record Figures(
        int requests,
        int succeeded,
        double seconds,
        long outputTokens,
        long promptTokens,
        @Nullable Long cachedTokens,
        long contentEvents,
        int untold,
        int early,
        Optional<Summary> firstToken,
        Optional<Summary> betweenEvents,
        Optional<Summary> perToken,
        Optional<Summary> whole,
        double meanInFlight,
        int peakInFlight,
        Optional<Summary> lateness,
        Optional<Summary> lag,
        double cores,
        Map<String, Integer> finishReasons,
        List<Failures> failures) {

    /**
     * Requests that failed in the same way.
     *
     * @param example what was said of the first one
     * @param whole time to the failure
     */
    public record Failures(String kind, int count, String example, Summary whole) {}

    static Figures of(LoadRun run) {
        return of(List.of(run));
    }

    static Figures of(List<LoadRun> runs) {
        List<Outcome> all = runs.stream().flatMap(run -> run.outcomes().stream()).toList();
        List<Outcome> good = all.stream().filter(Outcome::succeeded).toList();
        double seconds = runs.stream().mapToDouble(Figures::seconds).sum();
        double busy = all.stream().mapToLong(o -> o.ended() - o.started()).sum() / 1e9;
        double cpu = runs.stream().mapToDouble(LoadRun::cpuSeconds).sum();
        List<Integer> cached =
                good.stream()
                        .map(o -> o.usage() == null ? null : o.usage().cached())
                        .filter(Objects::nonNull)
                        .toList();
        return new Figures(
                all.size(),
                good.size(),
                seconds,
                good.stream().mapToLong(Outcome::outputTokens).sum(),
                good.stream().mapToLong(o -> o.usage() == null ? 0 : o.usage().prompt()).sum(),
                cached.isEmpty()
                        ? null
                        : (Long) cached.stream().mapToLong(Integer::longValue).sum(),
                good.stream().mapToLong(o -> o.contents().length).sum(),
                (int) good.stream().filter(o -> o.usage() == null).count(),
                (int) good.stream().filter(o -> o.outputTokens() < o.answerTokens()).count(),
                Summary.of(firstTokens(good)),
                Summary.of(gaps(good)),
                Summary.of(perToken(good)),
                Summary.of(wholes(good)),
                seconds == 0 ? 0 : busy / seconds,
                runs.stream().mapToInt(run -> peak(run.outcomes())).max().orElse(0),
                Summary.of(seconds(all.stream().mapToDouble(o -> o.started() - o.scheduled()))),
                Summary.of(
                        seconds(runs.stream().flatMapToDouble(r -> DoubleStream.of(r.lagNanos())))),
                seconds == 0 ? 0 : cpu / seconds,
                finishReasons(good),
                failures(all));
    }

    /** Tokens of answers a second. */
    public double outputRate() {
        return rate(outputTokens);
    }

    /** Tokens of prompts and answers a second. */
    public double totalRate() {
        return rate(outputTokens + promptTokens);
    }

    /** Requests that succeeded a second. */
    public double requestRate() {
        return rate(succeeded);
    }

    /** Requests that failed. */
    public int failed() {
        return requests - succeeded;
    }

    private double rate(long count) {
        return seconds == 0 ? 0 : count / seconds;
    }

    private static double seconds(LoadRun run) {
        long first = run.outcomes().stream().mapToLong(Outcome::scheduled).min().orElse(0);
        long last = run.outcomes().stream().mapToLong(Outcome::ended).max().orElse(first);
        return (last - first) / 1e9;
    }

    private static double[] seconds(DoubleStream nanos) {
        return nanos.map(n -> n / 1e9).toArray();
    }

    static double[] firstTokens(List<Outcome> outcomes) {
        return seconds(
                outcomes.stream()
                        .filter(o -> o.contents().length > 0)
                        .mapToDouble(o -> o.contents()[0] - o.scheduled()));
    }

    static double[] wholes(List<Outcome> outcomes) {
        return seconds(outcomes.stream().mapToDouble(o -> o.ended() - o.scheduled()));
    }

    static double[] gaps(List<Outcome> outcomes) {
        return seconds(
                outcomes.stream()
                        .map(Outcome::contents)
                        .flatMapToDouble(times ->
                                java.util.stream.IntStream.range(1, times.length)
                                        .mapToDouble(i -> times[i] - times[i - 1])));
    }

    static double[] perToken(List<Outcome> outcomes) {
        return seconds(
                outcomes.stream()
                        .filter(o -> o.usage() != null && o.outputTokens() > 1)
                        .filter(o -> o.contents().length > 0)
                        .mapToDouble(o -> {
                            long[] times = o.contents();
                            double span = times[times.length - 1] - times[0];
                            return span / (o.outputTokens() - 1);
                        }));
    }

    /** The most requests that were under way at one time. */
    static int peak(List<Outcome> outcomes) {
        // An end before a beginning at the same time.
        List<long[]> changes =
                outcomes.stream()
                        .flatMap(o ->
                                Stream.of(new long[] {o.started(), 1}, new long[] {o.ended(), -1}))
                        .sorted((a, b) ->
                                a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]))
                        .toList();
        int now = 0;
        int peak = 0;
        for (long[] change : changes) {
            now += (int) change[1];
            peak = Math.max(peak, now);
        }
        return peak;
    }

    private static Map<String, Integer> finishReasons(Collection<Outcome> outcomes) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            String finish = outcome.finish();
            counts.merge(finish == null ? "none" : PlainWords.of(finish), 1, Integer::sum);
        }
        return counts;
    }

    private static List<Failures> failures(List<Outcome> outcomes) {
        Map<String, List<Outcome>> byKind = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            Fault fault = outcome.fault();
            if (fault != null) {
                byKind.computeIfAbsent(fault.kind(), kind -> new ArrayList<>()).add(outcome);
            }
        }
        return byKind.entrySet().stream()
                .map(entry -> {
                    List<Outcome> alike = entry.getValue();
                    Fault first = Objects.requireNonNull(alike.getFirst().fault());
                    return new Failures(
                            entry.getKey(),
                            alike.size(),
                            first.detail(),
                            Summary.of(wholes(alike)).orElseThrow());
                })
                .toList();
    }
}
