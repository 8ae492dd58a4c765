package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code /metrics} says after known requests, against the usage in their replies. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedMetricsTest {
    private int prompt;
    private int cached;
    private int generated;

    private static ObjectNode request(int tokens) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", Requests.MODEL).put("max_tokens", tokens).put("seed", 1);
        body.put("prompt", "The same long beginning for everybody, so that some of it is kept.");
        ObjectNode bias = body.putObject("logit_bias");
        TestServer.TINY_STOP_TOKENS.forEach(token -> bias.put(token.toString(), -100));
        return body;
    }

    private void count(JsonNode usage) {
        prompt += usage.get("prompt_tokens").asInt();
        cached += usage.at("/prompt_tokens_details/cached_tokens").asInt();
        generated += usage.get("completion_tokens").asInt();
    }

    private static double metric(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static String finished(String reason) {
        return "scout4j_requests_total{api=\"/v1\",finish_reason=\"" + reason + "\"}";
    }

    private static String rejected(String reason) {
        return "scout4j_requests_rejected_total{reason=\"" + reason + "\"}";
    }

    private void answered(Http http) throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            count(http.post("/v1/completions", request(5 + i)).json().get("usage"));
        }
        count(http.post("/v1/completions", request(30)).json().get("usage"));
        // By a stop token; the engine may be a token or two beyond a stop string when it hears.
        ObjectNode stopped = request(30);
        stopped.putObject("logit_bias").put(TestServer.TINY_STOP_TOKENS.getFirst().toString(), 100);
        count(http.post("/v1/completions", stopped).json().get("usage"));
        ObjectNode streamed = request(7).put("stream", true);
        streamed.putObject("stream_options").put("include_usage", true);
        count(http.post("/v1/completions", streamed).chunks().getLast().get("usage"));
    }

    @Test
    void agreesWithTheUsageOfTheReplies() throws Exception {
        try (TestServer server = TestServer.tiny(load -> {})) {
            Http http = new Http(server.uri());
            answered(http);
            assertThat(http.post("/v1/completions", request(5).put("temperature", 9)).status())
                    .isEqualTo(400);
            assertThat(http.post("/v1/completions", request(5).put("model", "other")).status())
                    .isEqualTo(404);
            assertThat(
                            http.post(
                                            "/v1/completions",
                                            request(5).put("prompt", "long ".repeat(3_000)))
                                    .status())
                    .isEqualTo(400);
            String metrics = http.get("/metrics").body();

            assertThat(metric(metrics, finished("length"))).isEqualTo(5);
            assertThat(metric(metrics, finished("stop"))).isEqualTo(1);
            assertThat(metric(metrics, "scout4j_prompt_tokens_total{kind=\"text\"}"))
                    .isEqualTo(prompt - cached);
            assertThat(metric(metrics, "scout4j_prompt_tokens_total{kind=\"cached\"}"))
                    .isEqualTo(cached)
                    .isPositive();
            assertThat(metric(metrics, "scout4j_generated_tokens_total")).isEqualTo(generated);
            for (String each : new String[] {"ttft", "prefill", "decode", "request", "queue"}) {
                assertThat(metric(metrics, "scout4j_" + each + "_seconds_count"))
                        .as(each)
                        .isEqualTo(6);
            }
            assertThat(metric(metrics, "scout4j_inter_token_seconds_count"))
                    .isEqualTo(generated - 6);
            assertThat(metric(metrics, rejected("model_not_found"))).isEqualTo(1);
            assertThat(metric(metrics, rejected("context_length_exceeded"))).isEqualTo(1);
            assertThat(
                            metrics.lines()
                                    .filter(l -> l.startsWith("scout4j_requests_rejected_total{"))
                                    .mapToDouble(l -> Double.parseDouble(l.split("} ")[1]))
                                    .sum())
                    .isEqualTo(3);
        }
    }

    @Test
    void countsThoseThatLeaveOrTakeTooLong() throws Exception {
        ServerOptions.HttpLimits limits =
                TestServer.limits(
                        Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofMillis(300));
        try (TestServer server = TestServer.tiny(limits, load -> load.context(4_096))) {
            Http http = new Http(server.uri());
            RawClient client = RawClient.to(server.port());
            client.send(RawClient.post("/v1/completions", request(4_000).toString()));
            server.await(status -> status.running() == 1);
            client.reset();
            assertThat(server.reports().poll(60, TimeUnit.SECONDS)).isNotNull();
            for (boolean stream : new boolean[] {false, true}) {
                http.post("/v1/completions", request(4_000).put("stream", stream));
                assertThat(server.reports().poll(60, TimeUnit.SECONDS)).isNotNull();
            }
            server.awaitIdle();
            String metrics = http.get("/metrics").body();
            assertThat(metric(metrics, finished("cancelled"))).isEqualTo(1);
            assertThat(metric(metrics, finished("error"))).isEqualTo(2);
            assertThat(metric(metrics, "scout4j_request_seconds_count")).isEqualTo(3);
            assertThat(metric(metrics, "scout4j_generated_tokens_total")).isPositive();
            assertThat(metric(metrics, "scout4j_requests_running")).isZero();
            assertThat(metric(metrics, "scout4j_kv_used_ratio")).isZero();
        }
    }
}
