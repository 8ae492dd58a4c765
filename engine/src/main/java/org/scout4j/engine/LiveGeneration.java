package org.scout4j.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.error.Cancelled;
import org.scout4j.error.ScoutException;
import org.scout4j.sampling.Sampler;
import org.scout4j.sampling.TokenHistory;

/**
 * A generation between its submission and its end: the engine's loop delivers, one reader takes.
 * The queue between them takes no lock, and holds at most one event a token of prompt and answer,
 * so the loop never waits. Whatever happens first, end or cancellation, is the one outcome.
 */
final class LiveGeneration implements Generation {
    private enum State {
        OPEN,
        CANCELLED,
        ENDED
    }

    final GenerationRequest request;
    final Sampler sampler;
    final TokenHistory history;

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final LinkedTransferQueue<Delivery> deliveries = new LinkedTransferQueue<>();
    private final int[] stopTokens;

    // The loop's own notes, in nanoseconds of its clock.
    private final long submitted;
    private long firstStep;
    private long firstToken;
    private boolean started;
    private boolean answering;

    LiveGeneration(GenerationRequest request, Sampler sampler, long submitted) {
        this.request = request;
        this.sampler = sampler;
        this.history = sampler.history(request.prompt());
        this.stopTokens = sorted(request.stopTokens());
        this.submitted = submitted;
    }

    private static int[] sorted(Set<Integer> tokens) {
        return tokens.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    // Reader's side.

    @Override
    public TokenEvent next() throws InterruptedException {
        if (state.get() == State.CANCELLED) {
            throw new Cancelled();
        }
        Delivery delivery = deliveries.take();
        return switch (delivery) {
            case Delivery.Event(TokenEvent event) -> {
                if (event instanceof TokenEvent.Finished) {
                    deliveries.put(new Delivery.End(LiveGeneration::alreadyFinished));
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
        if (state.compareAndSet(State.OPEN, State.CANCELLED)) {
            deliveries.clear();
            deliveries.put(new Delivery.End(Cancelled::new)); // wakes a reader that waits
        }
    }

    // The loop's side.

    boolean cancelled() {
        return state.get() == State.CANCELLED;
    }

    boolean stopsAt(int token) {
        for (int stopToken : stopTokens) {
            if (stopToken == token) {
                return true;
            }
        }
        return false;
    }

    void noteStep(long now) {
        if (!started) {
            started = true;
            firstStep = now;
        }
    }

    void noteToken(long now) {
        if (!answering) {
            answering = true;
            firstToken = now;
        }
    }

    void deliver(TokenEvent event) {
        if (state.get() == State.OPEN) {
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
            long prefilled = answering ? firstToken : now;
            TokenEvent finished =
                    new TokenEvent.Finished(
                            reason,
                            stopToken,
                            history.promptLength(),
                            0,
                            chosen,
                            Duration.ofNanos(firstStep - submitted),
                            Duration.ofNanos(prefilled - firstStep),
                            Duration.ofNanos(now - prefilled));
            deliveries.put(new Delivery.Event(finished));
        }
    }

    void fail(Supplier<? extends ScoutException> exception) {
        if (state.compareAndSet(State.OPEN, State.ENDED)) {
            deliveries.put(new Delivery.End(exception));
        }
    }

    /** Time since its first step; 0 before. */
    Duration running(long now) {
        return started ? Duration.ofNanos(now - firstStep) : Duration.ZERO;
    }
}
