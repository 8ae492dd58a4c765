package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ready only if a token was made within 30 s (spec "Reliability" P-7). */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SelfCheckTest {
    private final AtomicLong seconds = new AtomicLong(1_000);
    private final AtomicInteger asked = new AtomicInteger();
    private final SelfCheck check =
            new SelfCheck(() -> TimeUnit.SECONDS.toNanos(seconds.get()), Duration.ofSeconds(20));

    private boolean tokenComes() {
        asked.incrementAndGet();
        return true;
    }

    private boolean noTokenComes() {
        asked.incrementAndGet();
        return false;
    }

    @Test
    void stepsOfLongAgoProveNothing() {
        assertThat(check.passes(5, this::tokenComes)).isTrue();
        seconds.addAndGet(TimeUnit.HOURS.toSeconds(2));
        assertThat(check.passes(900, this::noTokenComes))
                .as("steps within the last two hours, none of which may be recent")
                .isFalse();
    }

    @Test
    void stepsBetweenTwoNearLooksAreEnough() {
        assertThat(check.passes(5, this::tokenComes)).isTrue();
        for (int i = 1; i <= 10; i++) {
            seconds.addAndGet(10);
            assertThat(check.passes(5 + i, this::noTokenComes)).isTrue();
        }
        assertThat(asked).as("tokens made on purpose").hasValue(1);
    }

    @Test
    void anEngineThatStopsIsNotReadyAfterThirtySeconds() {
        assertThat(check.passes(5, this::tokenComes)).isTrue();
        seconds.addAndGet(31);
        assertThat(check.passes(5, this::noTokenComes)).isFalse();
        seconds.addAndGet(1);
        assertThat(check.passes(5, this::tokenComes)).as("it moves again").isTrue();
    }

    @Test
    void aStuckEngineGetsOneCheckNotMany() throws Exception {
        SelfCheck impatient =
                new SelfCheck(() -> TimeUnit.SECONDS.toNanos(seconds.get()), Duration.ofMillis(20));
        CountDownLatch stuck = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            boolean ready =
                    impatient.passes(
                            5,
                            () -> {
                                asked.incrementAndGet();
                                try {
                                    return stuck.await(30, TimeUnit.SECONDS);
                                } catch (InterruptedException e) {
                                    return false;
                                }
                            });
            assertThat(ready).isFalse();
        }
        assertThat(asked).hasValueLessThanOrEqualTo(1);
        stuck.countDown();
    }
}
