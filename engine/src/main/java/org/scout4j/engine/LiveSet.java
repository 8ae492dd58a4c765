package org.scout4j.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.cache.KvCache;
import org.scout4j.engine.GenerationReport.Outcome;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.error.GenerationFailed;
import org.scout4j.error.GenerationFailed.Reason;
import org.scout4j.error.Overloaded;
import org.scout4j.error.ScoutException;
import org.scout4j.error.TimedOut;
import org.scout4j.scheduler.Placement;
import org.scout4j.scheduler.Scheduler;
import org.scout4j.scheduler.Sequence;

/**
 * The generations that have arrived and not ended, and the ways in which they end. Each of them has
 * a sequence in the scheduler. For the loop.
 */
final class LiveSet {
    private static final Duration LEAST_RETRY = Duration.ofSeconds(1);
    private static final Duration MOST_RETRY = Duration.ofMinutes(1);

    private final KvCache cache;
    private final Scheduler scheduler;
    private final EngineLimits limits;
    private final Inbox inbox;
    private final Reports reports;

    /** In order of arrival. */
    private final Map<Sequence, LiveGeneration> live = new LinkedHashMap<>();

    private final List<Sequence> over = new ArrayList<>();
    private long privateSalts;
    private volatile long meanRunNanos;

    LiveSet(KvCache cache, Scheduler scheduler, EngineLimits limits, Inbox inbox, Reports reports) {
        this.cache = cache;
        this.scheduler = scheduler;
        this.limits = limits;
        this.inbox = inbox;
        this.reports = reports;
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    LiveGeneration of(Sequence sequence) {
        LiveGeneration generation = live.get(sequence);
        if (generation == null) {
            throw new IllegalStateException("a sequence without its generation");
        }
        return generation;
    }

    void add(LiveGeneration generation) {
        GenerationRequest request = generation.request;
        Choices choices = generation.choices;
        Sequence leader = null;
        if (choices != null && !request.promptLogprobs()) {
            leader = choices.leader;
        }
        Placement placement =
                new Placement(request.dispatch().priority(), salt(generation), leader);
        Sequence sequence =
                new Sequence(
                        generation.history,
                        cache.newTable(request.images().spans()),
                        request.maxTokens(),
                        request.promptLogprobs(),
                        placement);
        if (choices != null && choices.leader == null) {
            choices.leader = sequence;
        }
        scheduler.add(sequence);
        live.put(sequence, generation);
    }

    /** Whose prefixes it shares: its tenant's, or its own choices' alone, or nobody's. */
    private @Nullable String salt(LiveGeneration generation) {
        if (limits.prefixCache()) {
            return "tenant " + generation.request.dispatch().tenant();
        }
        Choices choices = generation.choices;
        if (choices == null) {
            return null;
        }
        if (choices.privateSalt == null) {
            choices.privateSalt = "choices " + privateSalts++;
        }
        return choices.privateSalt;
    }

    /** Whose encoded tiles it shares: as its prefixes. */
    Object imageOwner(Sequence sequence) {
        LiveGeneration generation = of(sequence);
        String salt = salt(generation);
        return salt == null ? generation.request.images().identity() : salt;
    }

    /** Ends what was cancelled or took too long, and pauses what nobody reads. */
    void sweep(long now) {
        for (Map.Entry<Sequence, LiveGeneration> entry : live.entrySet()) {
            LiveGeneration generation = entry.getValue();
            Times times = generation.times;
            if (generation.cancelled() || times.waitedTooLong(now) || times.tookTooLong(now)) {
                over.add(entry.getKey());
            } else {
                entry.getKey().pause(generation.reconsiderPause());
            }
        }
        for (Sequence sequence : over) {
            Times times = of(sequence).times;
            Dispatch dispatch = of(sequence).request.dispatch();
            if (times.tookTooLong(now)) {
                end(sequence, Outcome.TIMED_OUT, () -> new TimedOut(dispatch.timeout()), now);
            } else {
                end(sequence, Outcome.TIMED_OUT, () -> waitedTooLong(dispatch), now);
            }
        }
        over.clear();
    }

    private Overloaded waitedTooLong(Dispatch dispatch) {
        return new Overloaded(
                "The request waited "
                        + dispatch.queueTimeout().toSeconds()
                        + " s in the queue and was not begun.",
                retryAfter());
    }

    /** Time until the first of them has taken too long. */
    long nanosLeft(long now) {
        long left = Long.MAX_VALUE;
        for (LiveGeneration generation : live.values()) {
            left = Math.min(left, generation.times.left(now));
        }
        return left;
    }

    /** Ends a generation well. */
    void finish(Sequence sequence, FinishReason reason, int stopToken, int chosen, long now) {
        LiveGeneration generation = of(sequence);
        leave(sequence);
        generation.finish(reason, stopToken, chosen, now);
        Outcome outcome = reason == FinishReason.STOP ? Outcome.STOP : Outcome.LENGTH;
        reports.ended(generation.report(generation.outcome(outcome), chosen, now));
        long run = generation.times.running(now);
        long mean = meanRunNanos;
        meanRunNanos = mean == 0 ? run : mean + (run - mean) / 8;
    }

    void fail(Sequence sequence, Reason reason, long now) {
        end(sequence, Outcome.FAILED, () -> new GenerationFailed(reason), now);
    }

    /** Ends everything: the engine is closed. */
    void closeAll(Supplier<? extends ScoutException> exception, long now) {
        for (Sequence sequence : List.copyOf(live.keySet())) {
            end(sequence, Outcome.FAILED, exception, now);
        }
    }

    /** Ends a generation badly, unless its reader has ended it already. */
    private void end(
            Sequence sequence,
            Outcome outcome,
            Supplier<? extends ScoutException> exception,
            long now) {
        LiveGeneration generation = of(sequence);
        leave(sequence);
        generation.fail(exception);
        reports.ended(
                generation.report(
                        generation.outcome(outcome), generation.history.answerLength(), now));
    }

    /** Frees pages and slot before the reader hears of the end. */
    private void leave(Sequence sequence) {
        LiveGeneration generation = of(sequence);
        live.remove(sequence);
        scheduler.remove(sequence);
        generation.request.images().leave();
        Choices choices = generation.choices;
        if (choices != null && choices.oneEnded() && choices.privateSalt != null) {
            cache.prefixes().forget(choices.privateSalt);
        }
        inbox.ended();
    }

    /** When the next slot can be expected to become free, going by the last generations. */
    Duration retryAfter() {
        Duration expected = Duration.ofNanos(meanRunNanos / limits.slots());
        if (expected.compareTo(LEAST_RETRY) < 0) {
            return LEAST_RETRY;
        }
        return expected.compareTo(MOST_RETRY) > 0 ? MOST_RETRY : expected;
    }
}
