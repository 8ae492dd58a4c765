package org.scout4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.cache.KvCache;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.EngineClosed;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.Overloaded;
import org.scout4j.model.LanguageModel;
import org.scout4j.sampling.Sampler;
import org.scout4j.scheduler.Scheduler;

/**
 * Token ids in, token ids out, many generations at a time. Each generation gets the tokens it would
 * get alone, whatever else runs. Methods may be called from any thread; the work happens in one
 * thread of the engine's own.
 */
public final class Engine implements AutoCloseable {
    private final LanguageModel model;
    private final boolean readsImages;
    private final EngineLimits limits;
    private final int contextLength;
    private final Inbox inbox;
    private final LongSupplier nanoTime;
    private final EngineLoop loop;
    private final Thread thread;

    /**
     * Starts an engine. The model and the cache are its own from now on, but it does not close the
     * model: whoever opened it does, after {@link #close}.
     *
     * @throws IllegalArgumentException if the model cannot compute steps as large as the limits
     *     say, or the cache cannot hold a single token
     */
    public Engine(LanguageModel model, KvCache cache, EngineLimits limits) {
        this(model, cache, limits, EngineObserver.NONE);
    }

    /** As above, and tells an observer what it does. */
    public Engine(
            LanguageModel model, KvCache cache, EngineLimits limits, EngineObserver observer) {
        this(model, null, cache, limits, observer);
    }

    /**
     * As above, for prompts with images.
     *
     * @param images holds as many tiles as a step can need; null = prompts are text
     */
    public Engine(
            LanguageModel model,
            @Nullable ImageStage images,
            KvCache cache,
            EngineLimits limits,
            EngineObserver observer) {
        this(model, images, cache, limits, observer, System::nanoTime);
    }

    /** As above, with the clock that durations are measured by, in nanoseconds. */
    Engine(
            LanguageModel model,
            @Nullable ImageStage images,
            KvCache cache,
            EngineLimits limits,
            EngineObserver observer,
            LongSupplier nanoTime) {
        if (limits.stepTokens() > model.maxRows() || limits.slots() > model.maxLogitRows()) {
            throw new IllegalArgumentException(
                    limits
                            + " for a model that computes "
                            + model.maxRows()
                            + " rows a step, "
                            + model.maxLogitRows()
                            + " with logits");
        }
        Scheduler scheduler = new Scheduler(cache, limits.slots(), limits.stepTokens());
        this.model = model;
        this.readsImages = images != null;
        this.limits = limits;
        this.contextLength = scheduler.longestSequence(limits.contextLength());
        if (contextLength == 0) {
            throw new IllegalArgumentException("the cache has no pages");
        }
        this.inbox = new Inbox(Math.addExact(limits.slots(), limits.queueLength()));
        this.nanoTime = nanoTime;
        this.loop =
                new EngineLoop(model, images, cache, scheduler, limits, inbox, observer, nanoTime);
        this.thread = Thread.ofPlatform().name("scout4j-engine").daemon().start(loop);
    }

    /**
     * Most tokens of a prompt and its answer together: the limit, or less if the cache is small.
     */
    public int contextLength() {
        return contextLength;
    }

    /**
     * Accepts a generation and returns at once.
     *
     * @throws ContextOverflow if prompt and answer are longer than {@link #contextLength}
     * @throws InvalidRequest if the prompt or the logit bias names a token that does not exist
     * @throws Overloaded if all slots and places in the queue are taken, or all slots and the
     *     request does not want to wait
     * @throws EngineClosed after {@link #close} or after the engine has failed
     */
    public Generation submit(GenerationRequest request) {
        return submit(List.of(request)).getFirst();
    }

    /**
     * Accepts several generations of one prompt, all or none; see {@link
     * #submit(GenerationRequest)}. The first one computes the prompt; the others wait for that and
     * share its cache pages, but for the last, incomplete one, which each computes anew.
     *
     * @throws InvalidRequest (n) also if they are more than the engine ever accepts
     */
    public List<Generation> submit(List<GenerationRequest> requests) {
        if (requests.size() > inbox.capacity()) {
            throw new InvalidRequest(
                    "n",
                    requests.size()
                            + " answers were asked for; "
                            + inbox.capacity()
                            + " requests can be accepted at a time.");
        }
        long now = nanoTime.getAsLong();
        Choices choices = requests.size() > 1 ? new Choices(requests.size()) : null;
        List<LiveGeneration> generations = new ArrayList<>();
        boolean waits = true;
        for (GenerationRequest request : requests) {
            check(request);
            waits &= !request.dispatch().rejectIfBusy();
            Sampler sampler =
                    Sampler.of(
                            request.sampling(),
                            request.choice(),
                            request.bannedTokens(),
                            model.vocabulary());
            generations.add(new LiveGeneration(request, sampler, now, choices, inbox::wake));
        }
        if (!inbox.offer(generations, waits ? Integer.MAX_VALUE : limits.slots() - 1)) {
            throw new Overloaded(
                    waits
                            ? "All "
                                    + limits.slots()
                                    + " slots and "
                                    + limits.queueLength()
                                    + " places in the queue are taken."
                            : "All "
                                    + limits.slots()
                                    + " slots are taken, and the request is not to wait.",
                    loop.retryAfter());
        }
        return List.copyOf(generations);
    }

    private void check(GenerationRequest request) {
        long tokens = (long) request.prompt().length + request.maxTokens();
        if (tokens > contextLength) {
            throw new ContextOverflow(tokens, contextLength);
        }
        if (!readsImages && !request.images().isEmpty()) {
            throw new IllegalArgumentException("images for a model of text");
        }
        for (int token : request.prompt()) {
            if (token < 0 || token >= model.vocabulary()) {
                throw new InvalidRequest(
                        "prompt",
                        "The prompt has token "
                                + token
                                + "; the vocabulary ends at "
                                + (model.vocabulary() - 1)
                                + ".");
            }
        }
    }

    /** The engine after its last step. */
    public EngineStatus status() {
        return loop.status();
    }

    /**
     * Ends the engine: the step being computed is the last, generations that have not ended fail
     * with {@link EngineClosed}. When this returns, nothing uses the model any more.
     */
    @Override
    public void close() {
        inbox.close();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted =
                        true; // the caller is going to unmap what the loop reads: go on waiting
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
