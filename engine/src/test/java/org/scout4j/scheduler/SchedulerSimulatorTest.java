package org.scout4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Random lives of the scheduler; {@code -Dscout4j.simulator.times=100} runs so many times more. */
class SchedulerSimulatorTest {
    private static final long RUNS = 400;
    private static final long EVENTS = 5000;

    @Test
    void noPageIsReadUnwrittenLostOrWrittenByTwoAndEveryoneMovesOn() {
        long times = Long.getLong("scout4j.simulator.times", 1);
        long from = Long.getLong("scout4j.simulator.seed", 0);
        long events = 0;
        long preemptions = 0;
        long cached = 0;
        long pauses = 0;
        for (long seed = from; seed < from + RUNS * times; seed++) {
            SchedulerSimulator simulator = new SchedulerSimulator(seed);
            try {
                simulator.run(seed % 50 == 0 ? 20 * EVENTS : EVENTS);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            events += simulator.events;
            preemptions += simulator.preemptions;
            cached += simulator.cachedTokens;
            pauses += simulator.pauses;
        }
        assertThat(events).as("events").isGreaterThan(RUNS * times * EVENTS);
        assertThat(preemptions).as("pre-emptions").isGreaterThan(1000 * times);
        assertThat(cached).as("tokens found in the cache").isGreaterThan(10_000 * times);
        assertThat(pauses).as("pauses").isGreaterThan(500 * times);
    }
}
