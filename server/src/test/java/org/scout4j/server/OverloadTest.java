package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Ten times as many requests as there is room for (spec "Reliability" P-1, P-19, L-22). */
class OverloadTest {
    private static final int SLOTS = 2;
    private static final int QUEUE = 4;
    private static final int CLIENTS = 10 * (SLOTS + QUEUE);

    @Test
    void admittedRequestsFinishAndTheRestAreToldWhenToComeBack() throws Exception {
        try (TestServer server = TestServer.tiny(load -> load.slots(SLOTS).queue(QUEUE))) {
            Http http = new Http(server.uri());
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Http.Reply>> replies = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CLIENTS; i++) {
                    boolean stream = i % 2 == 0;
                    replies.add(
                            clients.submit(() -> {
                                start.await();
                                return http.post("/v1/completions", body(stream));
                            }));
                }
                start.countDown();
                int admitted = 0;
                for (Future<Http.Reply> future : replies) {
                    Http.Reply reply = future.get();
                    if (reply.status() == 200) {
                        admitted++;
                        assertThat(reply.body()).contains("\"length\"");
                    } else {
                        assertThat(reply.status()).as(reply.body()).isEqualTo(429);
                        assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
                        assertThat(reply.json().at("/error/code").asString())
                                .isEqualTo("queue_full");
                        assertThat(reply.json().at("/error/type").asString())
                                .isEqualTo("rate_limit_error");
                    }
                }
                assertThat(admitted).isBetween(SLOTS + QUEUE, CLIENTS - 1);
            }
            assertThat(http.post("/v1/completions", body(false)).status())
                    .as("after the rush")
                    .isEqualTo(200);
        }
    }

    /**
     * Long enough that the first have not ended when the last arrive; the end cannot come early.
     */
    private static ObjectNode body(boolean stream) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", Requests.MODEL).put("prompt", "On and on").put("max_tokens", 900);
        body.put("seed", 1).put("stream", stream);
        ObjectNode bias = body.putObject("logit_bias");
        for (int stop : TestServer.TINY_STOP_TOKENS) {
            bias.put(String.valueOf(stop), -100);
        }
        return body;
    }
}
