package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LateLoggingTest {
    @Test
    void theJdkFindsIt() {
        System.Logger logger = System.getLogger("org.scout4j.test");

        assertThat(logger.isLoggable(System.Logger.Level.INFO)).isFalse();
        assertThat(logger.isLoggable(System.Logger.Level.WARNING)).isTrue();
        assertThat(logger.isLoggable(System.Logger.Level.OFF)).isFalse();
        assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(LateLogging.class);
    }
}
