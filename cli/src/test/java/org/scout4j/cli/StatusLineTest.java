package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long nanos;

    private StatusLine line(boolean terminal) {
        return new StatusLine(new Output(written), terminal, () -> nanos);
    }

    private void pass(double seconds) {
        nanos += (long) (seconds * 1e9);
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTerminalLineIsRewrittenAndErased() {
        StatusLine line = line(true);

        pass(0.2);
        line.show("one");
        pass(0.2);
        line.show("two");
        line.clear();
        line.clear();

        assertThat(written()).isEqualTo("\r\033[Kone\r\033[Ktwo\r\033[K");
    }

    @Test
    void atMostTenTimesASecond() {
        StatusLine line = line(true);

        for (int i = 0; i < 1000; i++) {
            pass(0.001);
            line.show("x");
        }

        assertThat(written().chars().filter(c -> c == 'x').count()).isEqualTo(10);
    }

    @Test
    void whatIsQuickShowsNothing() {
        StatusLine line = line(true);

        pass(0.05);
        line.show("one");
        line.clear();

        assertThat(written()).isEmpty();
    }

    @Test
    void elsewhereAPlainLineEachTenSeconds() {
        StatusLine line = line(false);

        for (int i = 1; i <= 25; i++) {
            pass(1);
            line.show("second " + i);
        }
        line.clear();

        assertThat(written()).isEqualTo("second 10\nsecond 20\n");
    }
}
