package org.scout4j.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.AnswerOptions;
import org.scout4j.CompletionRequest;
import org.scout4j.Scout;
import org.scout4j.error.ScoutException;

/**
 * Whether the engine makes tokens: its steps went on within the last 30 s, or one token made on
 * purpose came (spec "Reliability" P-7). Thread-safe.
 */
final class SelfCheck {
    private static final Duration TRUSTED = Duration.ofSeconds(30);
    private static final Duration FRESH = Duration.ofSeconds(15);
    private static final Executor ASIDE = task -> Thread.ofVirtual().name("self-check").start(task);

    private final LongSupplier nanoTime;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private long steps;
    private long lookedAt;
    private long provenAt;
    private boolean everLooked;
    private boolean everProven;
    private @Nullable CompletableFuture<Boolean> running;

    /**
     * Makes a check that knows nothing yet.
     *
     * @param patience longest wait for the one token
     */
    SelfCheck(LongSupplier nanoTime, Duration patience) {
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    static SelfCheck usual() {
        return new SelfCheck(System::nanoTime, Duration.ofSeconds(10));
    }

    /** Whether the engine works; makes a token if that is not known. */
    boolean passes(Scout scout) {
        return passes(scout.status().steps(), () -> oneToken(scout));
    }

    /**
     * Whether an engine works.
     *
     * @param stepsNow its steps since its start
     * @param oneToken makes a token on purpose; whether it came
     */
    boolean passes(long stepsNow, BooleanSupplier oneToken) {
        CompletableFuture<Boolean> check;
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            boolean moved = everLooked && stepsNow != steps;
            if (moved && (!everProven || lookedAt - provenAt > 0)) {
                everProven = true;
                provenAt = lookedAt; // at some time since; only that much is known
            }
            everLooked = true;
            steps = stepsNow;
            lookedAt = now;
            boolean trusted = everProven && now - provenAt < TRUSTED.toNanos();
            if (trusted && now - provenAt < FRESH.toNanos()) {
                return true;
            }
            if (running == null || running.isDone()) { // a stuck engine gets one check, not many
                running = CompletableFuture.supplyAsync(() -> proves(oneToken), ASIDE);
            }
            if (trusted) { // it is renewed meanwhile
                return true;
            }
            check = running;
        } finally {
            lock.unlock();
        }
        return await(check);
    }

    private boolean proves(BooleanSupplier oneToken) {
        long begun = nanoTime.getAsLong();
        if (!oneToken.getAsBoolean()) {
            return false;
        }
        lock.lock();
        try {
            everProven = true;
            provenAt = begun;
        } finally {
            lock.unlock();
        }
        return true;
    }

    private boolean await(CompletableFuture<Boolean> check) {
        try {
            return check.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean oneToken(Scout scout) {
        try {
            AnswerOptions one =
                    AnswerOptions.builder().sampling(s -> s.temperature(0)).maxTokens(1).build();
            scout.complete(CompletionRequest.of("1", one));
            return true;
        } catch (ScoutException e) {
            return false;
        }
    }
}
