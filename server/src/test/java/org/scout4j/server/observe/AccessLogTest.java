package org.scout4j.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problems;
import org.scout4j.server.RequestReport;

class AccessLogTest {
    private static RequestReport report(String method, String model) {
        return new RequestReport(
                "id-1",
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Duration.ofMillis(1234),
                method,
                Optional.of("/v1/chat/completions"),
                "/v1",
                499,
                Optional.of(Problems.notFound()),
                Optional.of(
                        new GenerationFacts(
                                model,
                                "stop",
                                true,
                                812,
                                640,
                                2,
                                290,
                                118,
                                0,
                                Duration.ofMillis(7),
                                Duration.ofMillis(100),
                                Duration.ofMillis(900))),
                Optional.empty());
    }

    @Test
    void aLineOfTextHasTheFactsOfTheRequest() {
        assertThat(new AccessLog(AccessLog.Form.TEXT).line(report("POST", "m")))
                .isEqualTo(
                        "2026-01-02T03:04:05.678Z id-1 POST /v1/chat/completions 499 1234ms"
                                + " error=not_found model=m prompt=812 cached=640 images=2 image_tokens=290"
                                + " completion=118"
                                + " finish=stop queue=7ms ttft=107ms");
    }

    @Test
    void clientTextCannotMakeALineOfItsOwn() {
        String forged = "x\n2026 forged\u001b[31m\u2028\u202e";
        String line = new AccessLog(AccessLog.Form.TEXT).line(report("GE\rT", forged));
        assertThat(line.codePoints())
                .noneMatch(Character::isISOControl)
                .doesNotContain(0x2028, 0x202e);
        assertThat(line).contains("model=x\\u{a}2026\\u{20}forged\\u{1b}[31m");
        assertThat(new AccessLog(AccessLog.Form.JSON).line(report("POST", forged)).lines())
                .hasSize(1);
    }

    @Test
    void aLineOfJsonHasTheSameFacts() {
        assertThat(new AccessLog(AccessLog.Form.JSON).line(report("POST", "m")))
                .startsWith("{\"time\":\"2026-01-02T03:04:05.678Z\",\"id\":\"id-1\"")
                .contains("\"status\":499", "\"ms\":1234", "\"completion_tokens\":118");
    }

    @Test
    void onlyProbesThatFailAreNews() {
        assertThat(AccessLog.news(probe(200))).isFalse();
        assertThat(AccessLog.news(probe(503))).isTrue();
        assertThat(AccessLog.news(report("POST", "m"))).isTrue();
    }

    private static RequestReport probe(int status) {
        return new RequestReport(
                "id",
                Instant.EPOCH,
                Duration.ZERO,
                "GET",
                Optional.of("/readyz"),
                "",
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
