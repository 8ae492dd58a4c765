package org.scout4j.engine;

import java.time.Duration;

/**
 * When things happened to a generation, in nanoseconds of the loop's clock, which may begin
 * anywhere and overflow: times are only compared by their differences.
 */
final class Times {
    private final long submitted;
    private final long queueLimit;
    private final long limit;
    private long firstStep;
    private long firstToken;
    private long lastToken;
    private boolean started;
    private boolean answering;

    Times(long submitted, Dispatch dispatch) {
        this.submitted = submitted;
        this.queueLimit = nanos(dispatch.queueTimeout());
        this.limit = nanos(dispatch.timeout());
    }

    /** At most half of what fits a long, as a difference of times must. */
    private static long nanos(Duration duration) {
        Duration most = Duration.ofNanos(Long.MAX_VALUE / 2);
        return duration.compareTo(most) > 0 ? most.toNanos() : duration.toNanos();
    }

    boolean started() {
        return started;
    }

    void noteStep(long now) {
        started = true;
        firstStep = now;
    }

    boolean answering() {
        return answering;
    }

    /** A token has been chosen; returns the time since the one before, 0 for the first. */
    long noteToken(long now) {
        long since = answering ? now - lastToken : 0;
        if (!answering) {
            answering = true;
            firstToken = now;
        }
        lastToken = now;
        return since;
    }

    boolean waitedTooLong(long now) {
        return !started && now - submitted >= queueLimit;
    }

    boolean tookTooLong(long now) {
        return now - submitted >= limit;
    }

    /** Time left until one of the limits is reached. */
    long left(long now) {
        long end = started ? limit : Math.min(limit, queueLimit);
        return Math.max(0, end - (now - submitted));
    }

    Duration queued(long now) {
        return Duration.ofNanos((started ? firstStep : now) - submitted);
    }

    Duration prefill(long now) {
        return started
                ? Duration.ofNanos((answering ? firstToken : now) - firstStep)
                : Duration.ZERO;
    }

    Duration decode(long now) {
        return answering ? Duration.ofNanos(now - firstToken) : Duration.ZERO;
    }

    /** Time since its first step; 0 before. */
    long running(long now) {
        return started ? now - firstStep : 0;
    }
}
