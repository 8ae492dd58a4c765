package org.scout4j.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.RequestReport;

/** Spans as a collector on the loopback address receives them. */
class TracingTest {
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private HttpServer collector;

    @BeforeEach
    void collect() throws Exception {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    received.add(exchange.getRequestBody().readAllBytes());
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private static RequestReport report(Optional<String> traceparent) {
        return new RequestReport(
                "id-1",
                Instant.now(),
                Duration.ofMillis(1000),
                "POST",
                Optional.of("/v1/chat/completions"),
                "/v1",
                200,
                Optional.empty(),
                Optional.of(
                        new GenerationFacts(
                                "scout",
                                "stop",
                                true,
                                12,
                                4,
                                1,
                                5,
                                7,
                                0,
                                Duration.ofMillis(10),
                                Duration.ofMillis(200),
                                Duration.ofMillis(700))),
                traceparent);
    }

    @Test
    void nothingIsTracedUnlessTheVariablesAskForIt() {
        assertThat(Tracing.asked(Map.of(), "1")).isEmpty();
        assertThat(
                        Tracing.asked(
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        "http://127.0.0.1:1",
                                        "OTEL_SDK_DISABLED",
                                        "true"),
                                "1"))
                .isEmpty();
    }

    @Test
    void spansArriveInTheTraceOfTheClient() throws Exception {
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
        String traceId = "0af7651916cd43dd8448eb211c80319c";
        try (Tracing tracing =
                Tracing.asked(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), "1.2")
                        .orElseThrow()) {
            tracing.ended(report(Optional.of("00-" + traceId + "-b7ad6b7169203331-01")));
        }
        byte[] batch = received.poll(20, TimeUnit.SECONDS);
        assertThat(batch).isNotNull();
        String text = new String(batch, StandardCharsets.ISO_8859_1);
        assertThat(text)
                .contains("POST /v1/chat/completions")
                .contains("chat scout")
                .contains("scout4j.prefill")
                .contains("gen_ai.usage.output_tokens")
                .contains("service.version")
                .contains(
                        new String(HexFormat.of().parseHex(traceId), StandardCharsets.ISO_8859_1));
    }
}
