package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Workers AI under load, and clients of it that leave. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersAiLoadTest {
    private static final String RUN =
            "/client/v4/accounts/a/ai/run/@cf/meta/llama-4-scout-17b-16e-instruct";

    private static ObjectNode endless(boolean stream) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("prompt", "On").put("raw", true).put("max_tokens", 900).put("stream", stream);
        ObjectNode bias = body.putObject("logit_bias");
        TestServer.TINY_STOP_TOKENS.forEach(token -> bias.put(token.toString(), -100));
        return body;
    }

    private static RawClient begin(TestServer server, ObjectNode body) {
        return RawClient.to(server.port()).send(RawClient.post(RUN, body.toString()));
    }

    private static void assertLeft(TestServer server) throws InterruptedException {
        RequestReport report = server.reports().poll(60, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        assertThat(report.status()).isEqualTo(499);
    }

    @Test
    void aBusyServerRejectsWhoDoesNotWantToWait() throws Exception {
        try (TestServer server = TestServer.tiny(load -> load.slots(1).stepTokens(8));
                RawClient running = begin(server, endless(true))) {
            server.await(status -> status.running() == 1);
            ObjectNode impatient = endless(false).put("max_tokens", 1);
            impatient.putObject("options").put("rejectIfBusy", true);
            Http.Reply refused = new Http(server.uri()).post(RUN, impatient);
            assertThat(refused.status()).as(refused.body()).isEqualTo(429);
            assertThat(refused.json().at("/errors/0/code").intValue()).isEqualTo(3040);
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
            assertThat(server.reports().poll(60, TimeUnit.SECONDS)).isNotNull();
            running.close();
            server.awaitIdle();
            assertLeft(server);
            assertThat(new Http(server.uri()).post(RUN, impatient).status()).isEqualTo(200);
        }
    }

    @Test
    void aBatchWaitsForTheQueueInsteadOfFailing() throws Exception {
        try (TestServer server = TestServer.tiny(load -> load.slots(2).queue(1))) {
            ObjectNode body = Http.JSON.createObjectNode();
            ArrayNode requests = body.putArray("requests");
            for (int i = 0; i < 12; i++) {
                requests.add(endless(false).put("max_tokens", 5 + i));
            }
            Http.Reply reply = new Http(server.uri()).post(RUN, body);
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            for (int i = 0; i < 12; i++) {
                assertThat(
                                reply.json()
                                        .at("/result/responses/" + i + "/result/usage")
                                        .path("completion_tokens")
                                        .intValue())
                        .isEqualTo(5 + i);
            }
            assertThat(server.reports().poll(60, TimeUnit.SECONDS).facts().orElseThrow())
                    .satisfies(facts ->
                            assertThat(facts.completionTokens()).isEqualTo(12 * 5 + 12 * 11 / 2));
        }
    }

    @Test
    void aBatchWhoseClientLeavesIsCancelled() throws Exception {
        try (TestServer server = TestServer.tiny(load -> load.slots(2).stepTokens(8))) {
            ObjectNode body = Http.JSON.createObjectNode();
            ArrayNode requests = body.putArray("requests");
            for (int i = 0; i < 200; i++) {
                requests.add(endless(false));
            }
            try (RawClient client = begin(server, body)) {
                server.await(status -> status.running() == 2);
                client.close();
            }
            assertLeft(server);
            server.awaitIdle();
        }
    }
}
