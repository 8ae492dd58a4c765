package org.scout4j.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.cache.PagePool;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.error.GenerationFailed;
import org.scout4j.error.GenerationFailed.Reason;
import org.scout4j.model.Batch;
import org.scout4j.model.LanguageModel;
import org.scout4j.model.Logits;
import org.scout4j.sampling.LogitRow;
import org.scout4j.sampling.NonFiniteLogits;
import org.scout4j.sampling.TokenHistory;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.scheduler.Scheduler;
import org.scout4j.scheduler.Sequence;
import org.scout4j.scheduler.Step;

/**
 * The engine's one thread: takes arrivals, drops what was cancelled, plans a step, lets the model
 * compute it, chooses tokens, delivers events, and again. It owns scheduler, sequences and cache,
 * takes no lock and waits for nobody but, when idle, for the next arrival.
 *
 * <p>A failure ends as little as possible: broken logits end their sequence; an exception from the
 * model ends the sequences of that step; three such steps in a row, or anything else, end the
 * engine (spec "Reliability" F-21, P-12).
 */
final class EngineLoop implements Runnable {
    private static final System.Logger LOG = System.getLogger("org.scout4j.engine");
    private static final int MOST_FAILED_STEPS = 3;

    private final LanguageModel model;
    private final KvCache cache;
    private final Inbox inbox;
    private final LongSupplier nanoTime;

    private final Scheduler scheduler;
    private final Step step;

    /** All that have arrived and not ended, in order of arrival. */
    private final Map<Sequence, LiveGeneration> live = new LinkedHashMap<>();

    private final List<Sequence> cancelled = new ArrayList<>();

    /** The model's logits of one position, and the row that a token is chosen from. */
    private final float[] logits;

    private final LogitRow row;

    private final EngineLimits limits;
    private int failedSteps;
    private long steps;
    private volatile EngineStatus status;
    private volatile long meanRunNanos;

    EngineLoop(
            LanguageModel model,
            KvCache cache,
            Scheduler scheduler,
            EngineLimits limits,
            Inbox inbox,
            LongSupplier nanoTime) {
        this.model = model;
        this.cache = cache;
        this.scheduler = scheduler;
        this.inbox = inbox;
        this.nanoTime = nanoTime;
        this.limits = limits;
        this.status = statusNow(-1);
        this.step = new Step(limits.slots(), limits.stepTokens(), model.maxLogitRows());
        this.logits = new float[model.vocabulary()];
        this.row = new LogitRow(model.vocabulary());
    }

    @Override
    public void run() {
        try {
            while (!inbox.closing()) {
                if (!turn()) {
                    inbox.await();
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
        PagePool local = cache.pool(LayerGroup.LOCAL);
        PagePool global = cache.pool(LayerGroup.GLOBAL);
        int total = local.count() + global.count();
        return new EngineStatus(
                scheduler.running(),
                scheduler.waiting(),
                limits.slots(),
                total - local.free() - global.free(),
                0,
                total,
                steps,
                stepSince);
    }

    /** How long a generation lately held its slot, on average; 0 before the first. */
    long meanRunNanos() {
        return meanRunNanos;
    }

    /**
     * One step, if there is anything to compute.
     *
     * @return false if nothing is left to do
     */
    boolean turn() {
        takeArrivals();
        dropCancelled();
        if (live.isEmpty()) {
            status = statusNow(-1);
            return false;
        }
        scheduler.plan(step);
        if (step.size() == 0) {
            throw new IllegalStateException("nothing was planned for waiting generations");
        }
        status = statusNow(nanoTime.getAsLong());
        compute();
        steps++;
        status = statusNow(-1);
        return true;
    }

    private void takeArrivals() {
        for (LiveGeneration next = inbox.poll(); next != null; next = inbox.poll()) {
            GenerationRequest request = next.request;
            Sequence sequence =
                    new Sequence(
                            next.history,
                            cache.newTable(),
                            request.maxTokens(),
                            request.promptLogprobs());
            scheduler.add(sequence);
            live.put(sequence, next);
        }
    }

    private void dropCancelled() {
        live.forEach((sequence, generation) -> {
            if (generation.cancelled()) {
                cancelled.add(sequence);
            }
        });
        cancelled.forEach(this::leave);
        cancelled.clear();
    }

    private void compute() {
        long start = nanoTime.getAsLong();
        for (int entry = 0; entry < step.size(); entry++) {
            generation(step.sequence(entry)).noteStep(start);
        }
        Logits computed;
        try {
            computed = model.forward(step.batch(), cache);
        } catch (Exception | LinkageError | AssertionError | InternalError failure) {
            // InternalError: a mapped model file became shorter. Other errors end the engine.
            failStep(failure);
            return;
        }
        failedSteps = 0;
        long now = nanoTime.getAsLong();
        for (int entry = 0; entry < step.size(); entry++) {
            complete(entry, computed, now);
        }
    }

    private void failStep(Throwable failure) {
        failedSteps++;
        LOG.log(
                System.Logger.Level.ERROR,
                "A step of " + step.size() + " sequences has failed",
                failure);
        for (int entry = 0; entry < step.size(); entry++) {
            fail(step.sequence(entry), Reason.INTERNAL);
        }
        if (failedSteps == MOST_FAILED_STEPS) {
            throw new IllegalStateException(failedSteps + " steps in a row have failed", failure);
        }
    }

    /** Moves one sequence of the step on; what goes wrong here concerns that sequence alone. */
    private void complete(int entry, Logits computed, long now) {
        Sequence sequence = step.sequence(entry);
        LiveGeneration generation = generation(sequence);
        try {
            sequence.table().releaseFinishedChunks();
            reportPrompt(entry, generation, computed);
            if (sequence.pending() == 0) {
                chooseToken(entry, sequence, generation, computed, now);
            }
        } catch (NonFiniteLogits broken) {
            LOG.log(System.Logger.Level.ERROR, "A generation has failed", broken);
            fail(sequence, Reason.NON_FINITE_LOGITS);
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "A generation has failed", failure);
            fail(sequence, Reason.INTERNAL);
        }
    }

    /** Reports the part of the prompt that this step has computed, if any. */
    private void reportPrompt(int entry, LiveGeneration generation, Logits computed) {
        TokenHistory history = generation.history;
        Batch batch = step.batch();
        int first = step.firstPosition(entry);
        if (first >= history.promptLength()) {
            return;
        }
        if (generation.request.promptLogprobs()) {
            if (first == 0) {
                generation.deliver(new TokenEvent.PromptToken(history.token(0), null));
            }
            int top = Math.max(0, generation.request.topLogprobs());
            for (int index = step.logitsFrom(entry); index < step.logitsTo(entry); index++) {
                // The logits of a position are about the token that follows it.
                int about = batch.position(batch.logitRows()[index]) + 1;
                if (about < history.promptLength()) {
                    int token = history.token(about);
                    computed.read(index, logits);
                    row.load(logits);
                    generation.deliver(
                            new TokenEvent.PromptToken(token, TokenLogprobs.of(row, token, top)));
                }
            }
        }
        int done = Math.min(step.lastPosition(entry) + 1, history.promptLength());
        generation.deliver(new TokenEvent.Prefill(done, history.promptLength()));
    }

    /** Everything is computed: chooses what comes next, or ends. */
    private void chooseToken(
            int entry, Sequence sequence, LiveGeneration generation, Logits computed, long now) {
        TokenHistory history = generation.history;
        if (sequence.maxTokens() == 0) {
            finish(sequence, FinishReason.LENGTH, -1, 0, now);
            return;
        }
        computed.read(step.logitsTo(entry) - 1, logits);
        row.load(logits);
        int token = generation.sampler.sample(row, history);
        generation.noteToken(now);
        if (generation.stopsAt(token)) {
            finish(sequence, FinishReason.STOP, token, history.answerLength() + 1, now);
            return;
        }
        history.append(token);
        generation.deliver(new TokenEvent.Token(token, logprobs(token, generation)));
        if (history.answerLength() == sequence.maxTokens()) {
            finish(sequence, FinishReason.LENGTH, -1, history.answerLength(), now);
        }
    }

    private @Nullable TokenLogprobs logprobs(int token, LiveGeneration generation) {
        int top = generation.request.topLogprobs();
        if (top < 0) {
            return null;
        }
        row.load(logits); // afresh: sampling has changed the row
        return TokenLogprobs.of(row, token, top);
    }

    private void finish(
            Sequence sequence, FinishReason reason, int stopToken, int chosen, long now) {
        LiveGeneration generation = generation(sequence);
        leave(sequence);
        generation.finish(reason, stopToken, chosen, now);
        long run = generation.running(now).toNanos();
        long mean = meanRunNanos;
        meanRunNanos = mean == 0 ? run : mean + (run - mean) / 8;
    }

    private void fail(Sequence sequence, Reason reason) {
        LiveGeneration generation = generation(sequence);
        leave(sequence);
        generation.fail(() -> new GenerationFailed(reason));
    }

    /** Frees pages and slot before the reader hears of the end. */
    private void leave(Sequence sequence) {
        live.remove(sequence);
        scheduler.remove(sequence);
        inbox.ended();
    }

    private LiveGeneration generation(Sequence sequence) {
        LiveGeneration generation = live.get(sequence);
        if (generation == null) {
            throw new IllegalStateException("a sequence without its generation");
        }
        return generation;
    }

    private void end(String message, @Nullable Throwable cause) {
        inbox.closed(message, cause);
        for (LiveGeneration next = inbox.poll(); next != null; next = inbox.poll()) {
            next.fail(inbox::exception);
        }
        for (LiveGeneration generation : live.values()) {
            generation.fail(inbox::exception);
        }
        for (Sequence sequence : List.copyOf(live.keySet())) {
            leave(sequence);
        }
    }
}
