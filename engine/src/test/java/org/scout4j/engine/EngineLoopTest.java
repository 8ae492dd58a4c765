package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
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
import org.scout4j.cache.KvCache;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.error.Cancelled;
import org.scout4j.error.GenerationFailed;
import org.scout4j.error.GenerationFailed.Reason;
import org.scout4j.model.Batch;
import org.scout4j.model.LanguageModel;
import org.scout4j.model.Logits;
import org.scout4j.sampling.Sampler;
import org.scout4j.sampling.SamplingParameters;
import org.scout4j.scheduler.Scheduler;

/** The loop turned by hand, in one thread and with a clock of its own: every run repeats. */
class EngineLoopTest {
    private static final Logger LOG = Logger.getLogger("org.scout4j.engine");
    private static final SamplingParameters GREEDY =
            SamplingParameters.builder().temperature(0).build();
    private static final CacheShape SHAPE = new CacheShape(3, 1, 1, 2, 8, 4);

    /** Failures are injected by the hundred; each would log a stack trace. */
    @BeforeAll
    static void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        LOG.setLevel(null);
    }

    @Test
    void everyGenerationGetsTheTokensItWouldGetAlone() throws InterruptedException {
        for (long seed = 0; seed < 250; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Workload workload = Workload.random(random);
            LoopBench bench = new LoopBench(workload, workload.cache(random));
            List<LoopBench.Submitted> all = new ArrayList<>();
            Set<LoopBench.Submitted> cancelled = new HashSet<>();
            int count = random.nextInt(1, 25);
            while (all.size() < count || !bench.idle()) {
                if (all.size() < count && random.nextInt(3) == 0) {
                    for (int i = random.nextInt(5); i > 0 && all.size() < count; i--) {
                        all.add(bench.submit(workload.request(random)));
                    }
                }
                if (!all.isEmpty() && random.nextInt(12) == 0) {
                    LoopBench.Submitted victim = all.get(random.nextInt(all.size()));
                    victim.generation().close();
                    cancelled.add(victim);
                }
                bench.turn();
            }
            for (LoopBench.Submitted submitted : all) {
                check(workload, submitted, cancelled.contains(submitted), "seed " + seed);
            }
            assertThat(Workload.nothingTaken(bench.cache)).as("seed %d", seed).isTrue();
        }
    }

    /** A cancel that came after the end has no effect: then the whole answer is there. */
    private static void check(
            Workload workload, LoopBench.Submitted submitted, boolean mayBeCancelled, String seed)
            throws InterruptedException {
        try {
            assertThat(Answer.read(submitted.generation(), submitted.request()))
                    .as(seed)
                    .isEqualTo(workload.alone(submitted.request()));
        } catch (Cancelled e) {
            assertThat(mayBeCancelled).as(seed).isTrue();
        }
    }

    @Test
    void aFailingStepEndsItsGenerationsOnlyWhicheverStepItIs() throws InterruptedException {
        List<Throwable> failures =
                List.of(
                        new IllegalStateException("injected"),
                        new InternalError("injected"),
                        new AssertionError("injected"));
        for (long seed = 0; seed < 4; seed++) {
            List<Answer> expected = new ArrayList<>();
            boolean reached = true;
            for (int fail = 0; reached; fail++) {
                SplittableRandom random = new SplittableRandom(seed);
                Workload workload = Workload.random(random);
                LoopBench bench = new LoopBench(workload, workload.cache(random));
                Throwable failure = failures.get(fail % failures.size());
                int failing = fail;
                bench.model.hook =
                        step -> {
                            if (step == failing) {
                                throwUnchecked(failure);
                            }
                        };
                List<LoopBench.Submitted> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    all.add(bench.submit(workload.request(random)));
                }
                while (!bench.idle()) {
                    bench.turn();
                }
                String what = "seed " + seed + ", failure in step " + fail;
                int failed = 0;
                for (int i = 0; i < all.size(); i++) {
                    LoopBench.Submitted submitted = all.get(i);
                    if (fail == 0) {
                        expected.add(workload.alone(submitted.request()));
                    }
                    try {
                        assertThat(Answer.read(submitted.generation(), submitted.request()))
                                .as(what)
                                .isEqualTo(expected.get(i));
                    } catch (GenerationFailed e) {
                        assertThat(e.reason()).as(what).isEqualTo(Reason.INTERNAL);
                        assertThat(e).as(what).hasMessageNotContaining("injected").hasNoCause();
                        failed++;
                    }
                }
                reached = bench.model.steps > failing;
                assertThat(failed)
                        .as(what)
                        .isBetween(reached ? 1 : 0, reached ? workload.limits().slots() : 0);
                assertThat(Workload.nothingTaken(bench.cache)).as(what).isTrue();
            }
        }
    }

    @Test
    void twoFailedStepsInARowAreSurvivedThreeAreNot() {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(1, 4, 100, 60));
        Set<Integer> failing = Set.of(0, 1, 3, 4, 6, 7, 8);
        bench.model.hook =
                step -> {
                    if (failing.contains(step)) {
                        throw new IllegalStateException("injected");
                    }
                };
        for (int i = 0; i < 10; i++) {
            bench.submit(request(3, 1));
        }
        for (int i = 0; i < 8; i++) {
            bench.turn();
        }

        assertThatThrownBy(bench::turn)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("3 steps in a row have failed");
    }

    @Test
    void brokenLogitsEndTheirGenerationAlone() throws InterruptedException {
        for (boolean promptLogprobs : new boolean[] {false, true}) {
            SplittableRandom random = new SplittableRandom(4);
            Workload workload = new Workload(30, SHAPE, new EngineLimits(6, 16, 100, 60), 12);
            LoopBench bench = new LoopBench(workload, workload.cache(random));
            List<LoopBench.Submitted> sound = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sound.add(bench.submit(workload.request(random)));
            }
            int[] prompt = {5, 6, PageCheckingModel.POISON, 7};
            LoopBench.Submitted broken =
                    bench.submit(
                            new GenerationRequest(
                                    prompt,
                                    GREEDY,
                                    0,
                                    9,
                                    Set.of(),
                                    Set.of(),
                                    0,
                                    promptLogprobs,
                                    Dispatch.ordinary()));
            while (!bench.idle()) {
                bench.turn();
            }
            assertThatThrownBy(() -> Answer.read(broken.generation(), broken.request()))
                    .isInstanceOfSatisfying(
                            GenerationFailed.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.NON_FINITE_LOGITS));
            for (LoopBench.Submitted submitted : sound) {
                check(workload, submitted, false, "prompt logprobs " + promptLogprobs);
            }
            assertThat(Workload.nothingTaken(bench.cache)).isTrue();
        }
    }

    @Test
    void aLongPromptDelaysNoAnswerAndStarvesNoShortPrompt() throws InterruptedException {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(4, 20, 100, 2000));
        LoopBench.Submitted answering = bench.submit(request(5, 200));
        bench.turn();
        assertThat(drain(answering)).anyMatch(TokenEvent.Token.class::isInstance);

        LoopBench.Submitted longPrompt = bench.submit(request(1000, 5));
        bench.turn();
        LoopBench.Submitted shortPrompt = bench.submit(request(8, 5));
        bench.turn();

        assertThat(drain(shortPrompt))
                .as("8 of the 19 rows beside the answer")
                .anyMatch(TokenEvent.Token.class::isInstance);
        drain(answering);
        while (drain(longPrompt).stream().noneMatch(TokenEvent.Token.class::isInstance)) {
            bench.turn();
            assertThat(drain(answering))
                    .as("each step gives the running answer its token")
                    .hasSize(1)
                    .allMatch(TokenEvent.Token.class::isInstance);
        }
        assertThat(bench.model.rows)
                .as("steps are filled while there is a prompt to compute")
                .filteredOn(rows -> rows == 20)
                .hasSizeGreaterThan(45);
    }

    @Test
    void pagesOfACancelledGenerationAreFreeByTheNextStep() {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(2, 8, 100, 60));
        LoopBench.Submitted prefilling = bench.submit(request(40, 5));
        LoopBench.Submitted answering = bench.submit(request(1, 50));
        LoopBench.Submitted waiting = bench.submit(request(1, 50));
        for (int i = 0; i < 3; i++) {
            bench.turn();
        }
        assertThat(Workload.nothingTaken(bench.cache)).isFalse();
        prefilling.generation().close();
        answering.generation().close();
        waiting.generation().close();
        int steps = bench.model.steps;

        assertThat(bench.loop.turn()).isFalse();

        assertThat(bench.model.steps).as("nothing is computed for them").isEqualTo(steps);
        assertThat(Workload.nothingTaken(bench.cache)).isTrue();
        for (LoopBench.Submitted submitted : List.of(prefilling, answering, waiting)) {
            assertThatThrownBy(submitted.generation()::next).isInstanceOf(Cancelled.class);
        }
    }

    @Test
    void durationsAreMeasuredByTheGivenClock() throws InterruptedException {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(1, 4, 100, 60));
        bench.submit(request(1, 2)); // occupies the slot for two steps
        LoopBench.Submitted timed =
                bench.submit(request(6, 3)); // two steps of prompt, then two of answer
        // Each turn of the bench's clock: a step takes 10 ns, and 1 ns passes before the next.
        while (!bench.idle()) {
            bench.turn();
        }

        TokenEvent.Finished finished = (TokenEvent.Finished) drain(timed).getLast();
        assertThat(finished.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(finished.queued()).isEqualTo(Duration.ofNanos(23));
        assertThat(finished.prefill()).isEqualTo(Duration.ofNanos(21));
        assertThat(finished.decode()).isEqualTo(Duration.ofNanos(22));
    }

    @Test
    void anAnswerOfNoTokensComputesThePromptOnly() throws InterruptedException {
        LoopBench bench = new LoopBench(SHAPE, new EngineLimits(2, 4, 100, 60));
        GenerationRequest request =
                new GenerationRequest(
                        new int[] {4, 5, 6, 7, 8, 9},
                        GREEDY,
                        0,
                        0,
                        Set.of(),
                        Set.of(),
                        2,
                        true,
                        Dispatch.ordinary());
        LoopBench.Submitted scored = bench.submit(request);
        while (!bench.idle()) {
            bench.turn();
        }

        Answer answer = Answer.read(scored.generation(), request);
        assertThat(answer).isEqualTo(Answer.alone(request, bench.workload.vocabulary(), SHAPE));
        assertThat(answer.tokens()).isEmpty();
        assertThat(answer.promptTokens()).hasSize(6);
    }

    /** A step of four running answers makes four events and little else. */
    @Test
    void decodingAllocatesLittle() {
        EngineLimits limits = new EngineLimits(4, 8, 4, 5000);
        KvCache cache = PageCheckingModel.cache(SHAPE, 100, 6000);
        ConstantModel model = new ConstantModel(400, SHAPE, 8, 4);
        Inbox inbox = new Inbox(8);
        Scheduler scheduler = new Scheduler(cache, 4, 8);
        EngineLoop loop =
                new EngineLoop(
                        model,
                        null,
                        cache,
                        scheduler,
                        limits,
                        inbox,
                        EngineObserver.NONE,
                        () -> 0L);
        SamplingParameters sampling =
                SamplingParameters.builder().topP(0.9f).minP(0.01f).frequencyPenalty(0.1f).build();
        for (int i = 0; i < 4; i++) {
            GenerationRequest request =
                    new GenerationRequest(
                            new int[] {i},
                            sampling,
                            0,
                            1000,
                            Set.of(),
                            Set.of(1, 2, 3),
                            -1,
                            false,
                            Dispatch.ordinary());
            Sampler sampler = Sampler.of(sampling, request.bannedTokens(), 400);
            inbox.offer(List.of(new LiveGeneration(request, sampler, 0, null, () -> {})), 1000);
        }
        for (int i = 0; i < 600; i++) {
            loop.turn();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int turns = 300;
        for (int i = 0; i < turns; i++) {
            loop.turn();
        }
        long perStep = (threads.getCurrentThreadAllocatedBytes() - before) / turns;

        assertThat(perStep).as("bytes a step").isLessThan(1500);
    }

    private static void throwUnchecked(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalArgumentException(failure);
        }
    }

    private static GenerationRequest request(int promptLength, int maxTokens) {
        int[] prompt = new int[promptLength];
        for (int i = 0; i < promptLength; i++) {
            prompt[i] = 1 + i % 7;
        }
        return new GenerationRequest(
                prompt,
                GREEDY,
                0,
                maxTokens,
                Set.of(),
                Set.of(PageCheckingModel.POISON),
                -1,
                false,
                Dispatch.ordinary());
    }

    /** Everything delivered so far; the loop stands still meanwhile. */
    private static List<TokenEvent> drain(LoopBench.Submitted submitted)
            throws InterruptedException {
        List<TokenEvent> events = new ArrayList<>();
        while (submitted.generation().ready()) {
            events.add(submitted.generation().next());
            if (events.getLast() instanceof TokenEvent.Finished) {
                break;
            }
        }
        return events;
    }

    /** Gives every position the same logits and allocates nothing. */
    private record ConstantModel(
            int vocabulary, CacheShape cacheShape, int maxRows, int maxLogitRows)
            implements LanguageModel, Logits {
        @Override
        public Logits forward(Batch batch, KvCache cache) {
            return this;
        }

        @Override
        public int rows() {
            return maxLogitRows;
        }

        @Override
        public void read(int row, float[] into) {
            for (int i = 0; i < into.length; i++) {
                into[i] = i % 17;
            }
        }

        @Override
        public void close() {}
    }
}
