package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests that wait or work for too long (spec "Reliability" L-22, L-24). */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimeLimitTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(5);

    private static ObjectNode endless(boolean stream) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", Requests.MODEL).put("prompt", "On").put("max_tokens", 4_000);
        body.put("stream", stream).put("seed", 1);
        ObjectNode bias = body.putObject("logit_bias");
        TestServer.TINY_STOP_TOKENS.forEach(token -> bias.put(token.toString(), -100));
        return body;
    }

    private static TestServer server(Duration queue, Duration request) {
        return TestServer.tiny(
                TestServer.limits(LONG, queue, request),
                load -> load.context(4_096).slots(1).queue(8));
    }

    /** The error at the end of a stream, which must be closed properly. */
    private static JsonNode lastError(Http.Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        List<JsonNode> chunks = reply.chunks();
        return chunks.getLast().get("error");
    }

    @Test
    void whoWaitsTooLongIsToldToComeBack() throws Exception {
        try (TestServer server = server(SHORT, LONG);
                RawClient holder = RawClient.to(server.port())) {
            Http http = new Http(server.uri());
            holder.send(RawClient.post("/v1/completions", endless(true).toString()));
            server.await(status -> status.running() == 1);

            Http.Reply plain = http.post("/v1/completions", endless(false));
            assertThat(plain.status()).as(plain.body()).isEqualTo(429);
            assertThat(plain.header("Retry-After")).isNotEmpty();
            assertThat(plain.json().at("/error/code").asString()).isEqualTo("queue_full");
            assertThat(plain.json().at("/error/message").asString()).doesNotContain("Exception");
            assertThat(
                            lastError(http.post("/v1/completions", endless(true)))
                                    .get("code")
                                    .asString())
                    .isEqualTo("queue_full");
            holder.reset();
            server.awaitIdle();
        }
    }

    @Test
    void whoTakesTooLongIsCut() throws Exception {
        try (TestServer server = server(LONG, SHORT)) {
            Http http = new Http(server.uri());
            Http.Reply plain = http.post("/v1/completions", endless(false));
            assertThat(plain.status()).as(plain.body()).isEqualTo(408);
            assertThat(plain.json().at("/error/code").asString()).isEqualTo("timeout");
            assertThat(
                            lastError(http.post("/v1/completions", endless(true)))
                                    .get("code")
                                    .asString())
                    .isEqualTo("timeout");
            server.awaitIdle();
        }
    }

    @Test
    void whoWillNotWaitIsRefusedAtOnce() throws Exception {
        try (TestServer server = server(LONG, LONG);
                RawClient holder = RawClient.to(server.port())) {
            Http http = new Http(server.uri());
            ObjectNode hasty = endless(false).put("max_tokens", 2);
            hasty.putObject("options").put("rejectIfBusy", true);
            holder.send(RawClient.post("/v1/completions", endless(true).toString()));
            server.await(status -> status.running() == 1);
            for (boolean stream : new boolean[] {false, true}) {
                Http.Reply reply = http.post("/v1/completions", hasty.put("stream", stream));
                assertThat(reply.status()).as(reply.body()).isEqualTo(429);
                assertThat(reply.header("Retry-After")).isNotEmpty();
            }
            holder.reset();
            server.awaitIdle();
            assertThat(http.post("/v1/completions", hasty.put("stream", false)).status())
                    .isEqualTo(200);
        }
    }
}
