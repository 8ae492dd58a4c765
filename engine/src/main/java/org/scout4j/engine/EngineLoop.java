package org.scout4j.engine;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.error.GenerationFailed.Reason;
import org.scout4j.model.LanguageModel;
import org.scout4j.model.Logits;
import org.scout4j.scheduler.Scheduler;
import org.scout4j.scheduler.Sequence;
import org.scout4j.scheduler.Step;

/**
 * The engine's one thread: takes arrivals, drops what was cancelled or took too long, plans a step,
 * lets the model compute it, chooses tokens, delivers events, and again. It owns scheduler,
 * sequences and cache, takes no lock and waits for nobody but, when there is nothing to compute,
 * for an arrival, a reader that catches up, or the end of somebody's time.
 *
 * <p>A failure ends as little as possible: broken logits end their sequence; an exception from the
 * model ends the sequences of that step; three such steps in a row, or anything else, end the
 * engine (spec "Reliability" F-21, P-12).
 */
final class EngineLoop implements Runnable {
    private static final System.Logger LOG = System.getLogger("org.scout4j.engine");
    private static final int MOST_FAILED_STEPS = 3;

    private final LanguageModel model;
    private final @Nullable ImageStage images;
    private final KvCache cache;
    private final Inbox inbox;
    private final LongSupplier nanoTime;
    private final EngineLimits limits;
    private final Scheduler scheduler;
    private final Step step;
    private final Reports reports;
    private final LiveSet live;
    private final StepResults results;

    private int failedSteps;
    private long steps;

    /** Whether the step before was the last thing that happened, and when it ended. */
    private boolean busy;

    private long stepEnd;
    private volatile EngineStatus status;

    EngineLoop(
            LanguageModel model,
            @Nullable ImageStage images,
            KvCache cache,
            Scheduler scheduler,
            EngineLimits limits,
            Inbox inbox,
            EngineObserver observer,
            LongSupplier nanoTime) {
        this.model = model;
        this.images = images;
        this.cache = cache;
        this.scheduler = scheduler;
        this.inbox = inbox;
        this.nanoTime = nanoTime;
        this.limits = limits;
        this.reports = new Reports(observer);
        this.step = new Step(limits.slots(), limits.stepTokens(), model.maxLogitRows());
        this.live = new LiveSet(cache, scheduler, limits, inbox, reports);
        this.results = new StepResults(cache, step, live, reports, model.vocabulary());
        this.status = statusNow(-1);
    }

    @Override
    public void run() {
        try {
            while (!inbox.closing()) {
                if (!turn()) {
                    inbox.await(nanosLeft());
                }
            }
            end("The engine was closed.", null);
        } catch (Throwable failure) { // the last line of defence: nobody may wait for ever
            LOG.log(System.Logger.Level.ERROR, "The engine has failed and is closed", failure);
            end("The engine has failed.", failure);
        }
    }

    /** The engine after its last step. */
    EngineStatus status() {
        return status;
    }

    private EngineStatus statusNow(long stepSince) {
        return new EngineStatus(
                scheduler.running(),
                scheduler.waiting(),
                limits.slots(),
                scheduler.usedPages(),
                scheduler.cachedPages(),
                cache.pool(LayerGroup.LOCAL).count() + cache.pool(LayerGroup.GLOBAL).count(),
                steps,
                stepSince);
    }

    /** When a refused request may be sent again. */
    Duration retryAfter() {
        return live.retryAfter();
    }

    /** Time until somebody's ends though nothing is computed; for ever if nobody is here. */
    long nanosLeft() {
        return live.nanosLeft(nanoTime.getAsLong());
    }

    /**
     * One step, if there is anything to compute.
     *
     * @return false if nothing is: nobody is here, or nobody reads
     */
    boolean turn() {
        for (LiveGeneration next = inbox.poll(); next != null; next = inbox.poll()) {
            live.add(next);
        }
        if (!live.isEmpty()) {
            live.sweep(nanoTime.getAsLong());
            scheduler.plan(step);
        }
        if (live.isEmpty() || step.size() == 0) {
            busy = false;
            status = statusNow(-1);
            return false;
        }
        long start = nanoTime.getAsLong();
        status = statusNow(start);
        int decodeRows = decodeRows();
        int prefillRows = step.batch().rows() - decodeRows;
        compute(start);
        steps++;
        long idle = busy ? start - stepEnd : 0;
        stepEnd = nanoTime.getAsLong();
        busy = true;
        status = statusNow(-1);
        reports.stepped(
                new StepReport(
                        decodeRows,
                        prefillRows,
                        scheduler.preemptions(),
                        stepEnd - start,
                        idle,
                        status));
        return true;
    }

    private int decodeRows() {
        int rows = 0;
        for (int entry = 0; entry < step.size(); entry++) {
            int first = step.firstPosition(entry);
            Sequence sequence = step.sequence(entry);
            if (first == step.lastPosition(entry)
                    && first >= sequence.history().promptLength()
                    && sequence.pending() == 0) {
                rows++;
            }
        }
        return rows;
    }

    private void compute(long start) {
        for (int entry = 0; entry < step.size(); entry++) {
            Sequence sequence = step.sequence(entry);
            live.of(sequence).noteStep(start, sequence.cachedTokens());
        }
        Logits computed;
        try {
            showImages();
            computed = model.forward(step.batch(), cache);
        } catch (Exception | LinkageError | AssertionError | InternalError failure) {
            // InternalError: a mapped model file became shorter. Other errors end the engine.
            failStep(failure);
            return;
        }
        failedSteps = 0;
        long now = nanoTime.getAsLong();
        for (int entry = 0; entry < step.size(); entry++) {
            results.complete(entry, computed, now);
        }
    }

    /** Lets patch tokens of the step show their images; encodes what it takes. */
    private void showImages() {
        if (images == null) {
            return;
        }
        images.begin();
        for (int entry = 0; entry < step.size(); entry++) {
            Sequence sequence = step.sequence(entry);
            PromptImages shown = live.of(sequence).request.images();
            if (!shown.isEmpty()) {
                images.add(
                        step.batch(),
                        shown,
                        live.imageOwner(sequence),
                        step.firstPosition(entry),
                        step.lastPosition(entry),
                        step.firstRow(entry));
            }
        }
        long start = nanoTime.getAsLong();
        int tiles = images.encode();
        if (tiles > 0) {
            reports.encoded(new ImageReport(tiles, Duration.ofNanos(nanoTime.getAsLong() - start)));
        }
    }

    private void failStep(Throwable failure) {
        failedSteps++;
        LOG.log(
                System.Logger.Level.ERROR,
                "A step of " + step.size() + " sequences has failed",
                failure);
        long now = nanoTime.getAsLong();
        for (int entry = 0; entry < step.size(); entry++) {
            live.fail(step.sequence(entry), Reason.INTERNAL, now);
        }
        if (failedSteps == MOST_FAILED_STEPS) {
            throw new IllegalStateException(failedSteps + " steps in a row have failed", failure);
        }
    }

    private void end(String message, @Nullable Throwable cause) {
        inbox.closed(message, cause);
        for (LiveGeneration next = inbox.poll(); next != null; next = inbox.poll()) {
            next.fail(inbox::exception);
            next.request.images().leave();
        }
        live.closeAll(inbox::exception, nanoTime.getAsLong());
    }
}
