package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scout4j.cli.load.Outcome.Fault;
import org.scout4j.cli.load.Outcome.Usage;

/** Two answers and a refusal whose figures can be worked out by hand; times in milliseconds. */
class FiguresTest {
    private static final List<Outcome> OUTCOMES =
            List.of(
                    // Due at 0, sent at 10; four tokens in three pieces.
                    outcome(0, 0, 10, 500, new Usage(20, 4, 8), null, 100, 200, 400),
                    outcome(1, 100, 100, 1000, null, null, 700, 1000),
                    outcome(2, 200, 200, 260, null, Fault.http(429, "full")));

    private static final Figures FIGURES = Figures.of(run(OUTCOMES));

    @Test
    void whatSucceededCounts() {
        assertThat(FIGURES.requests()).isEqualTo(3);
        assertThat(FIGURES.succeeded()).isEqualTo(2);
        assertThat(FIGURES.seconds()).isEqualTo(1);
        assertThat(FIGURES.outputTokens()).isEqualTo(4 + 2);
        assertThat(FIGURES.outputRate()).isEqualTo(6);
        assertThat(FIGURES.totalRate()).isEqualTo(26);
        assertThat(FIGURES.requestRate()).isEqualTo(2);
        assertThat(FIGURES.cachedTokens()).isEqualTo(8);
        assertThat(FIGURES.untold()).isEqualTo(1);
        assertThat(FIGURES.early()).isEqualTo(1); // two tokens of four
        assertThat(FIGURES.finishReasons()).isEqualTo(Map.of("stop", 2));
    }

    @Test
    void latenciesCountFromTheTimeOfArrival() {
        assertThat(FIGURES.firstToken().orElseThrow().p50()).isEqualTo(0.1);
        assertThat(FIGURES.firstToken().orElseThrow().max()).isEqualTo(0.6);
        assertThat(FIGURES.whole().orElseThrow().p50()).isEqualTo(0.5);
        assertThat(FIGURES.whole().orElseThrow().max()).isEqualTo(0.9);
        assertThat(FIGURES.lateness().orElseThrow().max()).isEqualTo(0.01);
    }

    @Test
    void timesBetweenPiecesAndBetweenTokensDiffer() {
        Summary pieces = FIGURES.betweenEvents().orElseThrow();
        assertThat(pieces.count()).isEqualTo(3);
        assertThat(pieces.mean()).isCloseTo((0.1 + 0.2 + 0.3) / 3, within(1e-12));
        assertThat(FIGURES.perToken().orElseThrow())
                .isEqualTo(new Summary(1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)); // 300 ms, three tokens
    }

    @Test
    void requestsUnderWay() {
        assertThat(FIGURES.peakInFlight()).isEqualTo(3);
        assertThat(FIGURES.meanInFlight()).isCloseTo(0.49 + 0.9 + 0.06, within(1e-12));
        // One ends as the next begins: never two at a time.
        assertThat(
                        Figures.peak(
                                List.of(
                                        outcome(0, 0, 0, 5, null, null),
                                        outcome(1, 5, 5, 9, null, null))))
                .isEqualTo(1);
    }

    @Test
    void failuresByKind() {
        assertThat(FIGURES.failures()).hasSize(1);
        assertThat(FIGURES.failures().getFirst().kind()).isEqualTo("http_429");
        assertThat(FIGURES.failures().getFirst().whole().max()).isEqualTo(0.06);
    }

    @Test
    void nothingAtAll() {
        Figures none = Figures.of(run(List.of()));

        assertThat(none.outputRate()).isZero();
        assertThat(none.firstToken()).isEmpty();
        assertThat(none.meanInFlight()).isZero();
    }

    @Test
    void ratiosArePairwiseWithMedian() {
        LoadResult result =
                result(
                        List.of(runOf(100), runOf(100), runOf(100)),
                        List.of(runOf(200), runOf(50), runOf(80)));

        LoadResult.Ratio rate = ratio(result, "requests_per_second");
        assertThat(rate.values()).containsExactly(2, 0.5, 0.8);
        assertThat(rate.median()).isEqualTo(0.8);
        assertThat(rate.min()).isEqualTo(0.5);
        assertThat(ratio(result, "end_to_end_p50").values()).containsExactly(0.5, 2, 1.25);
        assertThat(result.ratios())
                .extracting(LoadResult.Ratio::name)
                .doesNotContain("inter_token_p50");
    }

    static LoadResult.Ratio ratio(LoadResult result, String name) {
        return result.ratios().stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static LoadRun runOf(long millis) {
        return run(List.of(outcome(0, 0, 0, millis, new Usage(3, 1, null), null, millis)));
    }

    static LoadResult result(List<LoadRun> first, List<LoadRun> second) {
        LoadPlan plan =
                new LoadPlan(
                        new LoadPlan.Arrivals.Clients(3),
                        3,
                        null,
                        0,
                        new LoadPlan.Sampling(0, false),
                        Duration.ofMinutes(1));
        TokenDistribution length = new TokenDistribution.Constant(20);
        Target target = Target.of("http://a", Target.Api.CHAT, null);
        return new LoadResult(
                plan,
                new Workload(0, length, length, 0, 1),
                List.of(
                        new LoadResult.ServerResult(target, "<b>'\"&\u0001</script>", first),
                        new LoadResult.ServerResult(
                                Target.of("http://b", Target.Api.CHAT, null), "m", second)),
                false);
    }

    static LoadRun run(List<Outcome> outcomes) {
        Target target = Target.of("http://a", Target.Api.CHAT, null);
        return new LoadRun(
                target, "m", Workload.TokenRate.GUESS, outcomes, new double[] {1e6}, 0.1, false);
    }

    static Outcome outcome(
            int index,
            long scheduled,
            long started,
            long ended,
            @Nullable Usage usage,
            @Nullable Fault fault,
            long... contents) {
        long[] nanos = java.util.Arrays.stream(contents).map(t -> t * 1_000_000).toArray();
        String finish = fault == null ? "stop" : null;
        return new Outcome(
                index,
                scheduled * 1_000_000,
                started * 1_000_000,
                ended * 1_000_000,
                nanos,
                4,
                usage,
                finish,
                fault);
    }
}
