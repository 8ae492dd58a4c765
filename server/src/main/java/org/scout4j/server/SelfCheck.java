package org.scout4j.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
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
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Executor ASIDE = task -> Thread.ofVirtual().name("self-check").start(task);

    private final ReentrantLock lock = new ReentrantLock();
    private long steps = -1;
    private long provenAt;
    private @Nullable CompletableFuture<Boolean> running;

    /** Whether the engine works; makes a token if that is not known. */
    boolean passes(Scout scout) {
        CompletableFuture<Boolean> check;
        lock.lock();
        try {
            long now = System.nanoTime();
            long seen = scout.status().steps();
            if (seen > 0 && seen != steps) {
                steps = seen;
                provenAt = now;
                return true;
            }
            boolean trusted = steps > 0 && now - provenAt < TRUSTED.toNanos();
            if (trusted && now - provenAt < FRESH.toNanos()) {
                return true;
            }
            if (running == null || running.isDone()) { // a stuck engine gets one check, not many
                running = CompletableFuture.supplyAsync(() -> oneToken(scout), ASIDE);
            }
            if (trusted) { // it is renewed meanwhile; the next to ask sees its step
                return true;
            }
            check = running;
        } finally {
            lock.unlock();
        }
        return await(check);
    }

    private static boolean await(CompletableFuture<Boolean> check) {
        try {
            return check.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
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
