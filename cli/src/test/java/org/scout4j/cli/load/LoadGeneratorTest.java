package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.cli.load.LoadPlan.Arrivals;
import org.scout4j.cli.load.Workload.TokenRate;

@Timeout(120)
class LoadGeneratorTest {
    private static final Workload WORKLOAD =
            new Workload(
                    7, new TokenDistribution.Constant(50), new TokenDistribution.Constant(4), 0, 1);
    private static final TokenRate RATE = new TokenRate(1, 0);

    @Test
    void aClosedLoopSendsEachRequestOnceAndNeverMoreAtATime() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(5);
        try (ScriptedServer server =
                ScriptedServer.of((request, answer) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    together.await(30, TimeUnit.SECONDS); // all five clients are needed to go on
                    now.decrementAndGet();
                    answer.whole(request);
                })) {
            LoadRun run = run(server, new Arrivals.Clients(5), 20, 0);
            Figures figures = Figures.of(run);

            assertThat(run.outcomes()).extracting(Outcome::index).containsExactly(range(20));
            assertThat(figures.succeeded()).isEqualTo(20);
            assertThat(most.get()).isEqualTo(5);
            assertThat(figures.peakInFlight()).isEqualTo(5);
            assertThat(figures.outputTokens()).isEqualTo(80);
            assertThat(figures.betweenEvents().orElseThrow().count()).isEqualTo(60);
            assertThat(figures.firstToken().orElseThrow().count()).isEqualTo(20);
        }
    }

    @Test
    void aThousandStreamsAtOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(1000);
        try (ScriptedServer server =
                ScriptedServer.of((request, answer) -> {
                    answer.stream();
                    answer.content("a");
                    all.countDown();
                    all.await(60, TimeUnit.SECONDS); // none goes on before the last has come
                    answer.end("stop", 9, 2);
                })) {
            Figures figures = Figures.of(run(server, new Arrivals.Clients(1000), 1000, 0));

            assertThat(figures.failures()).isEmpty();
            assertThat(figures.peakInFlight()).isEqualTo(1000);
        }
    }

    /** A server that holds every answer back delays no arrival, and all of it counts as latency. */
    @Test
    void anOpenLoopDoesNotWaitForTheServer() throws Exception {
        CountDownLatch all = new CountDownLatch(20);
        try (ScriptedServer server =
                ScriptedServer.of((request, answer) -> {
                    all.countDown();
                    all.await(60, TimeUnit.SECONDS);
                    answer.whole(request);
                })) {
            LoadRun run = run(server, new Arrivals.Poisson(100), 20, 0);
            long last = run.outcomes().stream().mapToLong(Outcome::scheduled).max().orElseThrow();

            assertThat(run.outcomes()).hasSize(20).allMatch(Outcome::succeeded);
            assertThat(Figures.of(run).peakInFlight()).isEqualTo(20);
            for (Outcome outcome : run.outcomes()) {
                assertThat(outcome.ended()).isGreaterThanOrEqualTo(last);
                assertThat(outcome.started()).isGreaterThanOrEqualTo(outcome.scheduled());
            }
        }
    }

    @Test
    void arrivalsAreOfThePoissonKindAndComeAgainWithTheSeed() throws Exception {
        try (ScriptedServer server = ScriptedServer.of((r, a) -> a.json(503, "{}"))) {
            List<Long> first = arrivals(run(server, new Arrivals.Poisson(2000), 1000, 0));
            List<Long> again = arrivals(run(server, new Arrivals.Poisson(2000), 1000, 0));
            double[] gaps = new double[999];
            for (int i = 0; i < 999; i++) {
                gaps[i] = (first.get(i + 1) - first.get(i)) / 1e9;
            }
            double mean = java.util.Arrays.stream(gaps).average().orElseThrow();
            double beyond =
                    java.util.Arrays.stream(gaps).filter(g -> g > 1 / 2000.0).count() / 999.0;

            assertThat(again).isEqualTo(first);
            assertThat(mean).isCloseTo(1 / 2000.0, within(0.1 / 2000)); // three deviations
            assertThat(beyond).isCloseTo(Math.exp(-1), within(0.05));
        }
    }

    @Test
    void warmingUpDoesNotCount() throws Exception {
        try (ScriptedServer server = ScriptedServer.of((r, a) -> a.whole(r))) {
            LoadRun run = run(server, new Arrivals.Clients(2), 3, 4);

            assertThat(run.outcomes()).hasSize(3);
            assertThat(server.requests()).hasSize(7);
            assertThat(server.requests().stream().map(ScriptedServer.Request::body).distinct())
                    .hasSize(7);
        }
    }

    @Test
    void theSameRunSendsTheSameBytes() throws Exception {
        try (ScriptedServer server = ScriptedServer.of((r, a) -> a.whole(r))) {
            LoadRun one = run(server, new Arrivals.Clients(3), 9, 0);
            List<String> first = server.requests().stream().map(r -> r.body()).sorted().toList();
            server.requests().clear();
            LoadRun two = run(server, new Arrivals.Clients(1), 9, 0);

            assertThat(server.requests().stream().map(r -> r.body()).sorted()).isEqualTo(first);
            assertThat(one.outcomes()).hasSameSizeAs(two.outcomes());
        }
    }

    @Test
    void aDurationEndsTheSending() throws Exception {
        try (ScriptedServer server = ScriptedServer.of((r, a) -> a.whole(r))) {
            LoadPlan plan = plan(new Arrivals.Clients(2), null, Duration.ofMillis(200), 0);
            LoadRun run = generator(plan).run(server.target(), "m", RATE, 0);

            assertThat(run.outcomes()).isNotEmpty();
            assertThat(Figures.of(run).failed()).isZero();
        }
    }

    @Test
    void stoppingGivesUpWhatIsUnderWay() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicInteger came = new AtomicInteger();
        try (ScriptedServer server =
                ScriptedServer.of((request, answer) -> {
                    if (came.incrementAndGet() > 2) {
                        answer.stream();
                        answer.content("a");
                        hangs.countDown();
                        never.await();
                    }
                    answer.whole(request);
                })) {
            LoadGenerator generator =
                    generator(plan(new Arrivals.Clients(1), null, Duration.ofHours(1), 0));
            Thread.startVirtualThread(() -> {
                try {
                    hangs.await();
                    generator.stop();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            LoadRun run = generator.run(server.target(), "m", RATE, 0);
            never.countDown();

            assertThat(run.stopped()).isTrue();
            assertThat(run.outcomes()).hasSize(2).allMatch(Outcome::succeeded);
        }
    }

    private static LoadRun run(ScriptedServer server, Arrivals arrivals, int requests, int warmup)
            throws InterruptedException {
        return generator(plan(arrivals, requests, null, warmup)).run(server.target(), "m", RATE, 0);
    }

    private static LoadPlan plan(
            Arrivals arrivals,
            @Nullable Integer requests,
            @Nullable Duration duration,
            int warmup) {
        return new LoadPlan(
                arrivals,
                requests,
                duration,
                warmup,
                new LoadPlan.Sampling(0, true),
                Duration.ofSeconds(90));
    }

    private static LoadGenerator generator(LoadPlan plan) {
        return new LoadGenerator(plan, WORKLOAD, (ended, failed) -> {});
    }

    private static List<Long> arrivals(LoadRun run) {
        return run.outcomes().stream().map(Outcome::scheduled).toList();
    }

    private static Integer[] range(int count) {
        return java.util.stream.IntStream.range(0, count).boxed().toArray(Integer[]::new);
    }
}
