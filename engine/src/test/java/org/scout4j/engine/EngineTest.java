package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.error.Cancelled;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.EngineClosed;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.Overloaded;
import org.scout4j.error.TimedOut;
import org.scout4j.sampling.SamplingParameters;

/** The engine with its thread: submission, overload, cancellation, closing. */
@Timeout(60)
class EngineTest {
    private static final Logger LOG = Logger.getLogger("org.scout4j.engine");
    private static final CacheShape SHAPE = new CacheShape(3, 1, 1, 2, 8, 4);
    private static final SamplingParameters GREEDY =
            SamplingParameters.builder().temperature(0).build();

    @BeforeAll
    static void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        LOG.setLevel(null);
    }

    @Test
    void manyThreadsSubmitReadAndCancel() throws Exception {
        for (long seed = 0; seed < 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Workload workload = Workload.random(random);
            KvCache cache = workload.cache(random);
            Engine engine = new Engine(workload.model(), cache, workload.limits());
            List<Future<?>> clients = new ArrayList<>();
            try (engine;
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 12; i++) {
                    SplittableRandom own = random.split();
                    clients.add(threads.submit(client(engine, workload, own)));
                }
            }
            for (Future<?> client : clients) {
                client.get();
            }
            assertThat(Workload.nothingTaken(cache)).as("seed %d", seed).isTrue();
        }
    }

    private static Callable<Void> client(
            Engine engine, Workload workload, SplittableRandom random) {
        return () -> {
            for (int i = 0; i < 15; i++) {
                GenerationRequest request = workload.request(random);
                boolean cancels = random.nextInt(4) == 0;
                int cancelAfter = random.nextInt(6);
                try (Generation generation = engine.submit(request)) {
                    if (cancels) {
                        readSome(generation, cancelAfter);
                    } else {
                        assertThat(Answer.read(generation, request))
                                .isEqualTo(workload.alone(request));
                    }
                }
            }
            return null;
        };
    }

    private static void readSome(Generation generation, int events) throws InterruptedException {
        for (int i = 0; i < events; i++) {
            if (generation.next() instanceof TokenEvent.Finished) {
                return;
            }
        }
    }

    @Test
    void whatCannotBeComputedIsRefusedAtOnce() {
        KvCache small = PageCheckingModel.cache(SHAPE, 100, 5); // 20 positions
        try (Engine engine = new Engine(model(), small, new EngineLimits(2, 8, 4, 1000))) {
            assertThat(engine.contextLength()).isEqualTo(20);
            assertThatThrownBy(() -> engine.submit(request(11, 10)))
                    .isInstanceOfSatisfying(
                            ContextOverflow.class,
                            e -> {
                                assertThat(e.needed()).isEqualTo(21);
                                assertThat(e.limit()).isEqualTo(20);
                            });
            assertThatThrownBy(() -> engine.submit(request(11, Integer.MAX_VALUE)))
                    .isInstanceOf(ContextOverflow.class);
            for (int token : new int[] {-1, 30}) {
                assertThatThrownBy(() -> engine.submit(request(new int[] {1, token}, 2)))
                        .isInstanceOfSatisfying(
                                InvalidRequest.class,
                                e -> assertThat(e.param()).contains("prompt"));
            }
            SamplingParameters bias = SamplingParameters.builder().logitBias(30, 1).build();
            GenerationRequest biased =
                    new GenerationRequest(
                            new int[] {1},
                            bias,
                            0,
                            1,
                            Set.of(),
                            Set.of(),
                            -1,
                            false,
                            Dispatch.ordinary());
            assertThatThrownBy(() -> engine.submit(biased))
                    .isInstanceOfSatisfying(
                            InvalidRequest.class,
                            e -> assertThat(e.param()).contains("logit_bias"));
        }
    }

    @Test
    void theLongestRequestThatFitsIsServed() throws InterruptedException {
        KvCache small = PageCheckingModel.cache(SHAPE, 100, 5);
        try (Engine engine = new Engine(model(), small, new EngineLimits(2, 8, 4, 1000))) {
            Answer answer = Answer.read(engine.submit(request(11, 9)), request(11, 9));

            assertThat(answer.tokens()).hasSize(9);
        }
    }

    @Test
    void aFullQueueIsAnsweredAtOnce() throws InterruptedException {
        PageCheckingModel model = model();
        Gate gate = new Gate();
        model.hook = gate;
        try (Engine engine = new Engine(model, cache(), new EngineLimits(2, 8, 3, 60))) {
            List<Generation> accepted = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                accepted.add(engine.submit(request(3, 2)));
            }
            assertThatThrownBy(() -> engine.submit(request(3, 2)))
                    .isInstanceOfSatisfying(
                            Overloaded.class,
                            e ->
                                    assertThat(e.retryAfter())
                                            .isBetween(
                                                    Duration.ofSeconds(1), Duration.ofMinutes(1)));
            gate.open();
            for (Generation generation : accepted) {
                assertThat(Answer.read(generation, request(3, 2)).tokens()).hasSize(2);
            }
            Answer.read(engine.submit(request(3, 2)), request(3, 2));
        }
    }

    @Test
    void whoDoesNotWantToWaitIsRefusedWhenAllSlotsAreTaken() throws InterruptedException {
        PageCheckingModel model = model();
        Gate gate = new Gate();
        model.hook = gate;
        try (Engine engine = new Engine(model, cache(), new EngineLimits(2, 8, 3, 60))) {
            GenerationRequest hasty = request(3, 2, Dispatch.ordinary().rejectingIfBusy(true));
            List<Generation> accepted = new ArrayList<>();
            accepted.add(engine.submit(hasty));
            accepted.add(engine.submit(hasty));
            assertThatThrownBy(() -> engine.submit(hasty)).isInstanceOf(Overloaded.class);
            accepted.add(engine.submit(request(3, 2)));
            gate.open();
            for (Generation generation : accepted) {
                Answer.read(generation, hasty);
            }
        }
    }

    @Test
    void choicesAreAcceptedAllOrNone() throws InterruptedException {
        PageCheckingModel model = model();
        Gate gate = new Gate();
        model.hook = gate;
        try (Engine engine = new Engine(model, cache(), new EngineLimits(2, 8, 3, 60))) {
            GenerationRequest one = request(3, 2);
            List<Generation> accepted = new ArrayList<>(engine.submit(List.of(one, one, one)));
            assertThatThrownBy(() -> engine.submit(List.of(one, one, one)))
                    .isInstanceOf(Overloaded.class);
            accepted.addAll(engine.submit(List.of(one, one)));
            assertThatThrownBy(() -> engine.submit(Collections.nCopies(6, one)))
                    .isInstanceOf(InvalidRequest.class);
            gate.open();
            for (Generation generation : accepted) {
                assertThat(Answer.read(generation, one).tokens()).hasSize(2);
            }
        }
    }

    /** With everybody paused the engine sleeps; readers and limits of time wake it. */
    @Test
    void aPausedEngineWakesForItsReaderAndForLimitsOfTime() throws InterruptedException {
        PageCheckingModel model = new PageCheckingModel(30, SHAPE, 16, 8);
        KvCache large = PageCheckingModel.cache(SHAPE, 60, 1000);
        try (Engine engine = new Engine(model, large, new EngineLimits(1, 8, 3, 3000))) {
            Generation slow = engine.submit(request(3, 2500));
            long least = LiveGeneration.MOST_UNREAD;
            while (engine.status().steps() < least) {
                Thread.onSpinWait();
            }
            assertThat(Answer.read(slow, request(3, 2500)).tokens()).hasSize(2500);

            Dispatch limited =
                    Dispatch.ordinary()
                            .withTimeouts(Duration.ofMinutes(1), Duration.ofMillis(1500));
            Generation never = engine.submit(request(3, 2500, limited));
            while (engine.status().running() == 0) {
                Thread.onSpinWait();
            }
            while (engine.status().running() > 0) {
                Thread.sleep(5); // nobody reads, nobody submits: only the limit can end it
            }
            assertThatThrownBy(() -> Answer.read(never, request(3, 2500)))
                    .isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void cancellingWakesTheReaderThoughTheStepGoesOn() throws Exception {
        PageCheckingModel model = model();
        Gate gate = new Gate();
        model.hook = gate;
        KvCache cache = cache();
        try (Engine engine = new Engine(model, cache, new EngineLimits(2, 8, 3, 60));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Generation generation = engine.submit(request(3, 50));
            gate.awaitStep();
            Future<TokenEvent> reader = threads.submit(generation::next);
            generation.close();

            assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Cancelled.class);
            gate.open();
            Answer.read(engine.submit(request(1, 1)), request(1, 1));
        }
        assertThat(model.steps).isEqualTo(2);
        assertThat(Workload.nothingTaken(cache)).isTrue();
    }

    @Test
    void closingFailsWhatIsNotFinishedAndWaitsForTheStep() throws Exception {
        PageCheckingModel model = model();
        Gate gate = new Gate();
        model.hook = gate;
        KvCache cache = cache();
        Engine engine = new Engine(model, cache, new EngineLimits(2, 8, 3, 60));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Generation generation = engine.submit(request(3, 50));
                readers.add(threads.submit(() -> Answer.read(generation, request(3, 50))));
            }
            gate.awaitStep();
            Future<?> closer = threads.submit(engine::close);
            assertThatThrownBy(() -> closer.get(50, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            gate.open();
            closer.get();
            for (Future<Answer> reader : readers) {
                assertThatThrownBy(reader::get).hasCauseInstanceOf(EngineClosed.class);
            }
        }
        assertThat(model.steps).isEqualTo(1);
        assertThat(Workload.nothingTaken(cache)).isTrue();
        assertThatThrownBy(() -> engine.submit(request(1, 1))).isInstanceOf(EngineClosed.class);
        engine.close();
    }

    @Test
    void submissionsRacingWithCloseAllGetAnOutcome() throws Exception {
        for (int round = 0; round < 50; round++) {
            Engine engine = new Engine(model(), cache(), new EngineLimits(2, 8, 100, 60));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> clients = new ArrayList<>();
                CountDownLatch start = new CountDownLatch(1);
                for (int i = 0; i < 4; i++) {
                    clients.add(
                            threads.submit(() -> {
                                start.await();
                                for (int n = 0; n < 5; n++) {
                                    try {
                                        Answer.read(engine.submit(request(2, 3)), request(2, 3));
                                    } catch (EngineClosed expected) {
                                        return null;
                                    }
                                }
                                return null;
                            }));
                }
                start.countDown();
                Thread.sleep(Duration.ofNanos(round * 40_000L));
                engine.close();
                for (Future<?> client : clients) {
                    client.get(10, TimeUnit.SECONDS);
                }
            }
        }
    }

    @Test
    void anEngineThatFailsTellsEveryoneAndStaysClosed() {
        for (Throwable failure :
                List.of(new IllegalStateException("injected"), new OutOfMemoryError("injected"))) {
            PageCheckingModel model = model();
            Gate gate = new Gate();
            model.hook =
                    step -> {
                        gate.before(step);
                        switch (failure) {
                            case RuntimeException e -> throw e;
                            case Error e -> throw e;
                            default -> throw new IllegalArgumentException(failure);
                        }
                    };
            KvCache cache = cache();
            try (Engine engine = new Engine(model, cache, new EngineLimits(1, 8, 10, 60))) {
                List<Generation> all = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    all.add(engine.submit(request(3, 5)));
                }
                gate.open();
                assertThatThrownBy(() -> Answer.read(all.getLast(), request(3, 5)))
                        .isInstanceOf(EngineClosed.class)
                        .hasMessage("The engine has failed.")
                        .hasRootCauseMessage("injected");
                assertThatThrownBy(() -> engine.submit(request(1, 1)))
                        .isInstanceOf(EngineClosed.class);
            }
            assertThat(Workload.nothingTaken(cache)).isTrue();
        }
    }

    @Test
    void anIdleEngineUsesNoProcessor() throws InterruptedException {
        try (Engine engine = new Engine(model(), cache(), new EngineLimits(2, 8, 3, 60))) {
            Answer.read(engine.submit(request(3, 5)), request(3, 5));
            Thread thread =
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(t -> t.getName().equals("scout4j-engine"))
                            .findAny()
                            .orElseThrow();
            thread.interrupt(); // must not turn waiting into spinning
            Thread.sleep(20);
            long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
            Thread.sleep(150);
            long used =
                    ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId())
                            - before;

            assertThat(Duration.ofNanos(used)).isLessThan(Duration.ofMillis(30));
            Answer.read(engine.submit(request(3, 5)), request(3, 5));
        }
    }

    @Test
    void limitsBeyondTheModelsAreRefused() {
        assertThatThrownBy(() -> new Engine(model(), cache(), new EngineLimits(2, 17, 3, 60)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Engine(model(), cache(), new EngineLimits(9, 16, 3, 60)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new Engine(
                                model(),
                                PageCheckingModel.cache(SHAPE, 0, 10),
                                new EngineLimits(2, 16, 3, 60)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static PageCheckingModel model() {
        return new PageCheckingModel(30, SHAPE, 16, 8);
    }

    private static KvCache cache() {
        return PageCheckingModel.cache(SHAPE, 60, 60);
    }

    private static GenerationRequest request(int promptLength, int maxTokens, Dispatch dispatch) {
        GenerationRequest one = request(promptLength, maxTokens);
        return new GenerationRequest(
                one.prompt(),
                one.sampling(),
                0,
                maxTokens,
                one.stopTokens(),
                one.bannedTokens(),
                -1,
                false,
                dispatch);
    }

    private static GenerationRequest request(int promptLength, int maxTokens) {
        int[] prompt = new int[promptLength];
        for (int i = 0; i < promptLength; i++) {
            prompt[i] = 1 + i % 7;
        }
        return request(prompt, maxTokens);
    }

    private static GenerationRequest request(int[] prompt, int maxTokens) {
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

    /** Holds steps until it is opened. */
    private static final class Gate implements PageCheckingModel.StepHook {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);

        @Override
        public void before(int step) {
            reached.countDown();
            try {
                opened.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void awaitStep() throws InterruptedException {
            reached.await();
        }

        void open() {
            opened.countDown();
        }
    }
}
