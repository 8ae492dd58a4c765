package org.scout4j.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.engine.GenerationReport.Outcome;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.error.Cancelled;
import org.scout4j.error.ScoutException;
import org.scout4j.sampling.Sampler;
import org.scout4j.sampling.TokenHistory;

/**
 * A generation between its submission and its end: the engine's loop delivers, one reader takes.
 * The queue between them takes no lock; the loop never waits, but computes no more for a reader who
 * is {@link #MOST_UNREAD} events behind. Whatever happens first, end or cancellation, is the one
 * outcome.
 */
final class LiveGeneration implements Generation {
    /** Events in the queue beyond which the generation pauses; half of them read, it goes on. */
    static final int MOST_UNREAD = 1024;

    private enum State {
        OPEN,
        CANCELLED,
        STOPPED,
        ENDED
    }

    final GenerationRequest request;
    final Sampler sampler;
    final TokenHistory history;

    /** What the answer is held to; null = nothing. */
    final @Nullable AnswerMask mask;

    /** The answers to the same prompt that it belongs to; null = it is the only one. */
    final @Nullable Choices choices;

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final LinkedTransferQueue<Delivery> deliveries = new LinkedTransferQueue<>();
    private final AtomicInteger unread = new AtomicInteger();
    private final int[] stopTokens;
    private final Runnable wakeLoop;
    private volatile boolean paused;
    private volatile Progress progress = new Progress(0, Duration.ZERO, Duration.ZERO);

    /** The loop's own notes. */
    final Times times;

    /** Prompt positions reported to the reader. */
    int reported;

    /**
     * Makes a generation that waits to be taken by the loop.
     *
     * @param submitted the time, in nanoseconds of the loop's clock
     * @param wakeLoop called when the loop should look at it: it was cancelled or caught up
     */
    LiveGeneration(
            GenerationRequest request,
            Sampler sampler,
            long submitted,
            @Nullable Choices choices,
            Runnable wakeLoop) {
        this.request = request;
        this.sampler = sampler;
        this.history = sampler.history(request.prompt());
        this.stopTokens = sorted(request.stopTokens());
        this.mask =
                request.constraint() == null
                        ? null
                        : new AnswerMask(request.constraint().get(), request);
        this.times = new Times(submitted, request.dispatch());
        this.choices = choices;
        this.wakeLoop = wakeLoop;
    }

    private static int[] sorted(Set<Integer> tokens) {
        return tokens.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    // Reader's side.

    @Override
    public TokenEvent next() throws InterruptedException {
        if (cancelled()) {
            throw new Cancelled();
        }
        Delivery delivery = deliveries.take();
        return switch (delivery) {
            case Delivery.Event(TokenEvent event) -> {
                if (event instanceof TokenEvent.Finished) {
                    deliveries.put(new Delivery.End(LiveGeneration::alreadyFinished));
                }
                if (unread.decrementAndGet() == MOST_UNREAD / 2 && paused) {
                    wakeLoop.run();
                }
                yield event;
            }
            case Delivery.End end -> {
                deliveries.put(end);
                throw end.exception().get();
            }
        };
    }

    private static IllegalStateException alreadyFinished() {
        return new IllegalStateException("the generation has finished");
    }

    /** Whether {@link #next} would return or throw at once. */
    boolean ready() {
        return cancelled() || !deliveries.isEmpty();
    }

    @Override
    public void close() {
        endByReader(State.CANCELLED);
    }

    @Override
    public void stop() {
        endByReader(State.STOPPED);
    }

    private void endByReader(State end) {
        if (state.compareAndSet(State.OPEN, end)) {
            deliveries.clear();
            deliveries.put(new Delivery.End(Cancelled::new)); // wakes a reader that waits
            wakeLoop.run();
        }
    }

    @Override
    public Progress progress() {
        return progress;
    }

    // The loop's side.

    /** Whether the reader has ended it, by cancelling or by stopping. */
    boolean cancelled() {
        State now = state.get();
        return now == State.CANCELLED || now == State.STOPPED;
    }

    /** Whether it should not be computed for now. */
    boolean reconsiderPause() {
        if (!paused && unread.get() <= MOST_UNREAD) {
            return false;
        }
        // Set first, looked at then: the reader does it the other way round, so one of them sees.
        paused = true;
        if (unread.get() <= MOST_UNREAD / 2) {
            paused = false;
        }
        return paused;
    }

    boolean stopsAt(int token) {
        for (int stopToken : stopTokens) {
            if (stopToken == token) {
                return true;
            }
        }
        return false;
    }

    /** It takes part in a step. */
    void noteStep(long now, int cachedTokens) {
        if (!times.started()) {
            times.noteStep(now);
            progress = new Progress(cachedTokens, times.queued(now), Duration.ZERO);
        }
    }

    /** Its first token has been chosen. */
    void noteFirstToken(long now) {
        times.noteToken(now);
        progress = new Progress(progress.cachedTokens(), progress.queued(), times.prefill(now));
    }

    void deliver(TokenEvent event) {
        if (state.get() == State.OPEN) {
            unread.incrementAndGet();
            deliveries.put(new Delivery.Event(event));
        }
    }

    /**
     * Ends the generation well.
     *
     * @param chosen tokens chosen, the stop token included
     */
    void finish(FinishReason reason, int stopToken, int chosen, long now) {
        if (state.compareAndSet(State.OPEN, State.ENDED)) {
            TokenEvent finished =
                    new TokenEvent.Finished(
                            reason,
                            stopToken,
                            history.promptLength(),
                            progress.cachedTokens(),
                            chosen,
                            times.queued(now),
                            times.prefill(now),
                            times.decode(now));
            unread.incrementAndGet();
            deliveries.put(new Delivery.Event(finished));
        }
    }

    void fail(Supplier<? extends ScoutException> exception) {
        if (state.compareAndSet(State.OPEN, State.ENDED)) {
            deliveries.put(new Delivery.End(exception));
        }
    }

    /** What becomes of it at its end, as the loop sees it, unless its reader was faster. */
    Outcome outcome(Outcome otherwise) {
        return switch (state.get()) {
            case CANCELLED -> Outcome.CANCELLED;
            case STOPPED -> Outcome.STOP;
            case OPEN, ENDED -> otherwise;
        };
    }

    GenerationReport report(Outcome outcome, int chosen, long now) {
        return new GenerationReport(
                outcome,
                history.promptLength(),
                progress.cachedTokens(),
                chosen,
                times.queued(now),
                times.prefill(now),
                times.decode(now));
    }
}
