package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Those who were refused together come back at different times (spec "Reliability" F-29). */
class RetrySpreadTest {

    @Test
    void spreadsByTwentyPercent() {
        assertThat(new RetrySpread(() -> 0).seconds(Duration.ofSeconds(100))).isEqualTo("80");
        assertThat(new RetrySpread(() -> 0.5).seconds(Duration.ofSeconds(100))).isEqualTo("100");
        assertThat(new RetrySpread(() -> 0.999_999).seconds(Duration.ofSeconds(100)))
                .isEqualTo("120");
    }

    @Test
    void isNeverZero() {
        assertThat(new RetrySpread(() -> 0).seconds(Duration.ofMillis(1))).isEqualTo("1");
    }

    @Test
    void drawsAnew() {
        Set<String> said = new HashSet<>();
        RetrySpread random = RetrySpread.random();
        for (int i = 0; i < 1_000; i++) {
            said.add(random.seconds(Duration.ofSeconds(5)));
        }
        assertThat(said).containsExactlyInAnyOrder("4", "5", "6");
    }
}
