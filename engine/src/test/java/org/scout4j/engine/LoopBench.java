package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.sampling.Sampler;
import org.scout4j.scheduler.Scheduler;

/** A loop with everything around it, but no thread, and with a clock of its own. */
final class LoopBench {
    final Workload workload;
    final KvCache cache;
    final PageCheckingModel model;
    final EngineLoop loop;
    private final Inbox inbox;
    final Heard observer = new Heard();

    /** 1 ns before a step, 10 ns in it. */
    long clock;

    private int open;

    LoopBench(CacheShape shape, EngineLimits limits) {
        this(
                new Workload(30, shape, limits, limits.slots() + 4),
                PageCheckingModel.cache(
                        shape,
                        4
                                * shape.pages(
                                        LayerGroup.LOCAL,
                                        limits.contextLength(),
                                        limits.stepTokens()),
                        4
                                * shape.pages(
                                        LayerGroup.GLOBAL,
                                        limits.contextLength(),
                                        limits.stepTokens())));
    }

    LoopBench(Workload workload, KvCache cache) {
        this.workload = workload;
        this.cache = cache;
        this.model = workload.model();
        this.model.afterStep = () -> clock += 10;
        this.inbox = new Inbox(1000);
        EngineLimits limits = workload.limits();
        Scheduler scheduler = new Scheduler(cache, limits.slots(), limits.stepTokens());
        this.loop =
                new EngineLoop(model, null, cache, scheduler, limits, inbox, observer, () -> clock);
    }

    Submitted submit(GenerationRequest request) {
        return submit(List.of(request)).getFirst();
    }

    /** Several answers to one prompt. */
    List<Submitted> submit(List<GenerationRequest> requests) {
        Choices choices = requests.size() > 1 ? new Choices(requests.size()) : null;
        List<Submitted> submitted = new ArrayList<>();
        for (GenerationRequest request : requests) {
            Sampler sampler =
                    Sampler.of(
                            request.sampling(),
                            request.choice(),
                            request.bannedTokens(),
                            workload.vocabulary());
            submitted.add(
                    new Submitted(
                            request,
                            new LiveGeneration(request, sampler, clock, choices, inbox::wake)));
        }
        List<LiveGeneration> generations = submitted.stream().map(Submitted::generation).toList();
        assertThat(inbox.offer(generations, 1000)).isTrue();
        open += requests.size();
        return submitted;
    }

    void turn() {
        clock++;
        if (!loop.turn()) {
            open = 0;
        }
        if (model.steps > 100_000) {
            throw new AssertionError("the loop does not come to an end");
        }
    }

    boolean idle() {
        return open == 0;
    }

    record Submitted(GenerationRequest request, LiveGeneration generation) {}

    /** Keeps what it hears, and throws at times: that must change nothing. */
    static final class Heard implements EngineObserver {
        final List<StepReport> steps = new ArrayList<>();
        final List<GenerationReport> ends = new ArrayList<>();
        final List<Long> gaps = new ArrayList<>();

        @Override
        public void stepped(StepReport report) {
            steps.add(report);
            if (steps.size() % 3 == 1) {
                throw new IllegalStateException("an observer's mistake");
            }
        }

        @Override
        public void tokenFollowed(long nanos) {
            gaps.add(nanos);
        }

        @Override
        public void ended(GenerationReport report) {
            ends.add(report);
            throw new AssertionError("an observer's mistake");
        }
    }
}
