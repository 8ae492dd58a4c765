package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.LayerGroup;
import org.scout4j.engine.GenerationReport.Outcome;
import org.scout4j.engine.LoopBench.Submitted;
import org.scout4j.error.Cancelled;
import org.scout4j.error.GenerationFailed;
import org.scout4j.error.Overloaded;
import org.scout4j.error.TimedOut;
import org.scout4j.sampling.SamplingParameters;

/** What requests share, wait for and take from each other; and that it changes no token. */
class EngineSharingTest {
    private static final Logger LOG = Logger.getLogger("org.scout4j.engine");
    private static final CacheShape SHAPE = new CacheShape(3, 1, 1, 2, 8, 4);

    @BeforeAll
    static void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        LOG.setLevel(null);
    }

    @Test
    void sharedPrefixesChoicesAndPreEmptionChangeNoToken() throws InterruptedException {
        long cached = 0;
        long preemptions = 0;
        for (long seed = 0; seed < 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Workload workload = Workload.random(random);
            EngineLimits limits = workload.limits();
            boolean prefixCache = random.nextInt(4) > 0;
            workload =
                    new Workload(
                            workload.vocabulary(),
                            workload.shape(),
                            new EngineLimits(
                                    limits.slots(), limits.stepTokens(), 100, 80, prefixCache),
                            workload.maxLogitRows());
            LoopBench bench = new LoopBench(workload, workload.cache(random));
            int[] common = random.ints(80, 1, workload.vocabulary()).toArray();
            List<Submitted> all = new ArrayList<>();
            Set<Submitted> ended = new HashSet<>();
            int count = random.nextInt(5, 30);
            while (all.size() < count || !bench.idle()) {
                if (all.size() < count && random.nextInt(3) == 0) {
                    all.addAll(bench.submit(choices(workload, common, random)));
                }
                if (!all.isEmpty() && random.nextInt(12) == 0) {
                    Submitted victim = all.get(random.nextInt(all.size()));
                    if (random.nextBoolean()) {
                        victim.generation().close();
                    } else {
                        victim.generation().stop();
                    }
                    ended.add(victim);
                }
                bench.turn();
            }
            for (Submitted submitted : all) {
                check(workload, submitted, ended, "seed " + seed);
            }
            assertThat(Workload.nothingTaken(bench.cache)).as("seed %d", seed).isTrue();
            assertThat(bench.observer.ends).as("seed %d", seed).hasSize(all.size());
            if (!prefixCache) {
                assertThat(bench.cache.prefixes().size()).as("seed %d", seed).isZero();
            }
            for (GenerationReport report : bench.observer.ends) {
                assertThat(report.cachedTokens()).isLessThan(report.promptTokens());
                cached += report.cachedTokens();
            }
            for (StepReport report : bench.observer.steps) {
                preemptions += report.preemptions();
            }
        }
        assertThat(cached).isGreaterThan(10_000);
        assertThat(preemptions).isGreaterThan(100);
    }

    private static void check(
            Workload workload, Submitted submitted, Set<Submitted> ended, String seed)
            throws InterruptedException {
        boolean broken = false;
        for (int token : submitted.request().prompt()) {
            broken |= token == PageCheckingModel.POISON;
        }
        try {
            Answer answer = Answer.read(submitted.generation(), submitted.request());
            assertThat(answer).as(seed).isEqualTo(workload.alone(submitted.request()));
        } catch (Cancelled e) {
            assertThat(ended).as(seed).contains(submitted);
        } catch (GenerationFailed e) {
            assertThat(broken).as(seed).isTrue();
        }
    }

    /** One request or several choices, often beginning like others. */
    private static List<GenerationRequest> choices(
            Workload workload, int[] common, SplittableRandom random) {
        GenerationRequest one = workload.request(random);
        int[] prompt = one.prompt();
        System.arraycopy(common, 0, prompt, 0, random.nextInt(prompt.length + 1));
        if (random.nextInt(15) == 0 && one.maxTokens() > 0 && workload.shape().globalLayers() > 0) {
            prompt[random.nextInt(prompt.length)] = PageCheckingModel.POISON;
        }
        Dispatch dispatch =
                Dispatch.ordinary()
                        .withTenant("t" + random.nextInt(3))
                        .withPriority(random.nextInt(5) == 0 ? random.nextInt(-1, 2) : 0);
        List<GenerationRequest> requests = new ArrayList<>();
        int count = random.nextInt(4) == 0 ? random.nextInt(2, 5) : 1;
        for (int choice = 0; choice < count; choice++) {
            requests.add(
                    new GenerationRequest(
                            prompt,
                            one.sampling(),
                            choice,
                            one.maxTokens(),
                            one.stopTokens(),
                            one.bannedTokens(),
                            one.topLogprobs(),
                            one.promptLogprobs(),
                            dispatch));
        }
        return requests;
    }

    @Test
    void theSecondTurnOfAConversationFindsTheFirst() throws InterruptedException {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(2, 8, 100, 60));
        Submitted first = bench.submit(request(prompt(13), 10, Dispatch.ordinary()));
        finish(bench);
        Answer answer = Answer.read(first.generation(), first.request());
        int[] longer = new int[30];
        System.arraycopy(prompt(13), 0, longer, 0, 13);
        for (int i = 13; i < 30; i++) {
            longer[i] = i < 23 ? token(answer, i - 13) : 1;
        }
        bench.submit(request(longer, 2, Dispatch.ordinary()));
        bench.submit(request(longer, 2, Dispatch.ordinary().withTenant("other")));
        finish(bench);

        // 22 positions of the first were computed, the last token of its answer never is.
        assertThat(bench.observer.ends)
                .extracting(GenerationReport::cachedTokens)
                .containsExactlyInAnyOrder(0, 20, 0);
    }

    private static int token(Answer answer, int index) {
        return ((TokenEvent.Token) answer.tokens().get(index)).token();
    }

    @Test
    void thePromptOfChoicesIsComputedOnceWithAndWithoutPrefixCache() {
        for (boolean prefixCache : new boolean[] {false, true}) {
            LoopBench bench = new LoopBench(SHAPE, new EngineLimits(4, 64, 100, 100, prefixCache));
            List<GenerationRequest> requests = new ArrayList<>();
            for (int choice = 0; choice < 4; choice++) {
                GenerationRequest one = request(prompt(51), 3, Dispatch.ordinary());
                requests.add(
                        new GenerationRequest(
                                one.prompt(),
                                one.sampling(),
                                choice,
                                one.maxTokens(),
                                one.stopTokens(),
                                one.bannedTokens(),
                                -1,
                                false,
                                one.dispatch()));
            }
            bench.submit(requests);
            finish(bench);

            int prefilled = bench.observer.steps.stream().mapToInt(StepReport::prefillRows).sum();
            assertThat(prefilled).as("51, then 3 × the incomplete page of 3").isEqualTo(60);
            assertThat(bench.cache.prefixes().size() > 0).isEqualTo(prefixCache);
        }
    }

    @Test
    void brokenPagesNeverEnterTheCache() {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(2, 8, 100, 60));
        int[] prompt = prompt(30);
        prompt[9] = PageCheckingModel.POISON;
        bench.submit(request(prompt, 5, Dispatch.ordinary()));
        finish(bench);

        assertThat(bench.observer.ends)
                .extracting(GenerationReport::outcome)
                .containsExactly(Outcome.FAILED);
        assertThat(bench.cache.prefixes().size())
                .as("the two pages of the first piece")
                .isEqualTo(2);
    }

    @Test
    void whoWaitsTooLongIsToldAndWhoRunsTooLongIsEnded() throws InterruptedException {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(1, 8, 100, 2000));
        Dispatch limited =
                Dispatch.ordinary().withTimeouts(Duration.ofNanos(200), Duration.ofNanos(400));
        Submitted running = bench.submit(request(prompt(3), 1000, limited));
        Submitted waiting = bench.submit(request(prompt(3), 5, limited));
        finish(bench);

        assertThatThrownBy(() -> readAll(waiting)).isInstanceOf(Overloaded.class);
        assertThatThrownBy(() -> readAll(running)).isInstanceOf(TimedOut.class);
        assertThat(bench.observer.ends)
                .extracting(GenerationReport::outcome)
                .containsExactly(Outcome.TIMED_OUT, Outcome.TIMED_OUT);
        // A step and the pause before it take 11 ns; limits are looked at between steps.
        assertThat(bench.observer.ends.getFirst().queued())
                .isBetween(Duration.ofNanos(200), Duration.ofNanos(211));
        assertThat(bench.observer.ends.getLast().generatedTokens()).isBetween(30, 40);
        assertThat(Workload.nothingTaken(bench.cache)).isTrue();
    }

    @Test
    void whoDoesNotReadIsPausedAndOthersGoOn() throws InterruptedException {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(1, 8, 100, 5000));
        Submitted silent = bench.submit(request(prompt(3), 3000, Dispatch.ordinary()));
        for (int i = 0; i < 2000; i++) {
            bench.turn();
        }
        assertThat(bench.model.steps).isBetween(1024, 1030);
        assertThat(bench.loop.nanosLeft()).as("wakes for the time limit").isPositive();

        Submitted other = bench.submit(request(prompt(5), 50, Dispatch.ordinary()));
        for (int i = 0; i < 60; i++) {
            bench.turn();
        }
        assertThat(readAll(other)).isEqualTo(50);

        int read = 0;
        while (read < 3000) {
            while (silent.generation().ready() && read < 3000) {
                read += silent.generation().next() instanceof TokenEvent.Token ? 1 : 0;
            }
            bench.turn();
        }
        assertThat(readAll(silent)).isZero();
        Answer alone = bench.workload.alone(silent.request());
        assertThat(alone.tokens()).hasSize(3000);
    }

    @Test
    void reportsAddUp() throws InterruptedException {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(2, 8, 100, 60));
        Submitted stopped = bench.submit(request(prompt(9), 30, Dispatch.ordinary()));
        bench.submit(request(prompt(20), 4, Dispatch.ordinary()));
        for (int i = 0; i < 6; i++) {
            bench.turn();
        }
        stopped.generation().stop();
        finish(bench);

        assertThat(bench.observer.ends)
                .extracting(GenerationReport::outcome)
                .containsExactlyInAnyOrder(Outcome.STOP, Outcome.LENGTH);
        int rows = bench.model.rows.stream().mapToInt(Integer::intValue).sum();
        int reported = 0;
        for (StepReport report : bench.observer.steps) {
            reported += report.decodeRows() + report.prefillRows();
            assertThat(report.stepNanos()).isEqualTo(10);
            assertThat(report.idleNanos()).isLessThanOrEqualTo(1);
            assertThat(report.status().totalPages())
                    .isEqualTo(
                            bench.cache.pool(LayerGroup.LOCAL).count()
                                    + bench.cache.pool(LayerGroup.GLOBAL).count());
        }
        assertThat(reported).isEqualTo(rows);
        EngineStatus status = bench.loop.status();
        assertThat(status.usedPages()).isZero();
        assertThat(status.cachedPages()).isPositive();
        int tokens = bench.observer.ends.stream().mapToInt(GenerationReport::generatedTokens).sum();
        assertThat(bench.observer.gaps).hasSize(tokens - 2);
    }

    private static int readAll(Submitted submitted) throws InterruptedException {
        int tokens = 0;
        while (true) {
            switch (submitted.generation().next()) {
                case TokenEvent.Token _ -> tokens++;
                case TokenEvent.Finished _ -> {
                    return tokens;
                }
                default -> {}
            }
        }
    }

    private static void finish(LoopBench bench) {
        while (!bench.idle()) {
            bench.turn();
        }
    }

    private static int[] prompt(int length) {
        int[] prompt = new int[length];
        for (int i = 0; i < length; i++) {
            prompt[i] = 1 + i % 7;
        }
        return prompt;
    }

    private static GenerationRequest request(int[] prompt, int maxTokens, Dispatch dispatch) {
        return new GenerationRequest(
                prompt,
                SamplingParameters.builder().seed(3).build(),
                0,
                maxTokens,
                Set.of(),
                Set.of(PageCheckingModel.POISON),
                -1,
                false,
                dispatch);
    }
}
