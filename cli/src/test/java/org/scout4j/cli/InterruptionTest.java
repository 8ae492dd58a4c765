package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    private final Interruption interruption = new Interruption();
    private final AtomicInteger stops = new AtomicInteger();

    @Test
    void stopsTheWorkThatRuns() {
        try (Interruption.Registration work = interruption.onRaise(stops::incrementAndGet)) {
            assertThat(interruption.raise()).isTrue();
        }

        assertThat(stops).hasValue(1);
        assertThat(interruption.raised()).isTrue();
    }

    @Test
    void workThatHasEndedIsLeftAlone() {
        interruption.onRaise(stops::incrementAndGet).close();

        assertThat(interruption.raise()).isFalse();
        assertThat(stops).hasValue(0);
    }

    @Test
    void workThatBeginsTooLateStopsAtOnce() {
        interruption.raise();

        try (Interruption.Registration work = interruption.onRaise(stops::incrementAndGet)) {
            assertThat(stops).hasValue(1);
        }
    }

    @Test
    void nobodyWaitsWhereNothingRuns() {
        interruption.raiseAndAwaitEnd();

        assertThat(interruption.raised()).isTrue();
    }
}
