package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.ChatResult;
import org.scout4j.FinishReason;
import org.scout4j.Timings;
import org.scout4j.Usage;

class AnswerReportTest {
    private static ChatResult result(int prompt, int answer, Timings timings) {
        return new ChatResult(
                "text",
                List.of(),
                false,
                FinishReason.STOP,
                new Usage(prompt, 0, 0, answer),
                timings,
                List.of());
    }

    private static Timings millis(long queued, long prefill, long decode) {
        return new Timings(
                Duration.ofMillis(queued), Duration.ofMillis(prefill), Duration.ofMillis(decode));
    }

    @Test
    void tellsTokensSpeedAndTheWait() {
        // 118 answer tokens: the first ends the prompt's time, 117 follow in 14.27 s.
        assertThat(AnswerReport.line(result(812, 118, millis(100, 13_311, 14_268))))
                .isEqualTo("prompt 812 tok 61.0 tok/s · answer 118 tok 8.20 tok/s · TTFT 13.4 s");
    }

    @Test
    void tellsNoSpeedWhereNothingWasMeasured() {
        assertThat(AnswerReport.line(result(5, 1, millis(0, 20, 0))))
                .isEqualTo("prompt 5 tok 250 tok/s · answer 1 tok · TTFT 20 ms");
        assertThat(AnswerReport.line(result(5, 0, millis(0, 0, 0))))
                .isEqualTo("prompt 5 tok · answer 0 tok · TTFT 0 ms");
    }

    @Test
    void progressOfAPromptIsReadable() {
        assertThat(AnswerPrinter.reading(4096, 18203))
                .isEqualTo("reading prompt 4 096/18 203 (22 %)");
        assertThat(AnswerPrinter.reading(10_000_000, 10_000_000))
                .isEqualTo("reading prompt 10 000 000/10 000 000 (100 %)");
    }
}
