package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** Twenty of twenty-four clients never read what they asked for (spec "Reliability" F-3). */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowReaderTest {
    private static final int SLOW = 20;
    private static final int OTHERS = 4;
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(2);

    private static ObjectNode request(int tokens, int seed) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", Requests.MODEL).put("prompt", "On and on").put("max_tokens", tokens);
        body.put("seed", seed).put("logprobs", 5).put("stream", true);
        ObjectNode bias = body.putObject("logit_bias");
        TestServer.TINY_STOP_TOKENS.forEach(token -> bias.put(token.toString(), -100));
        return body;
    }

    /** Asks for an answer of megabytes, with room for almost none of it. */
    private static Socket neverReading(TestServer server, int seed, int choices)
            throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1 << 10);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        String post =
                RawClient.post(
                        "/v1/completions", request(4_000, seed).put("n", choices).toString());
        socket.getOutputStream().write(post.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @Test
    void holdUpNobodyButThemselves() throws Exception {
        ServerOptions.HttpLimits limits =
                TestServer.limits(WRITE_TIMEOUT, Duration.ofMinutes(5), Duration.ofMinutes(30));
        try (TestServer server =
                TestServer.tiny(
                        limits,
                        load -> load.context(4_096).cacheTokens(400_000).slots(16).queue(200))) {
            Http http = new Http(server.uri());
            List<String> alone = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                ObjectNode body = request(200, 100 + i);
                alone.add(StreamedAnswer.join(http.post("/v1/completions", body).chunks(), body));
            }
            server.reports().clear();
            List<Socket> slow = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < SLOW; i++) {
                    slow.add(neverReading(server, i, 1 + i % 2));
                }
                server.await(status -> status.running() == status.slots());
                List<Future<String>> others = new ArrayList<>();
                for (int i = 0; i < OTHERS; i++) {
                    ObjectNode body = request(200, 100 + i);
                    others.add(
                            clients.submit(() ->
                                    StreamedAnswer.join(
                                            http.post("/v1/completions", body).chunks(), body)));
                }
                for (int i = 0; i < OTHERS; i++) {
                    assertThat(others.get(i).get()).as("client %d", i).isEqualTo(alone.get(i));
                }
                int cut = 0;
                int whole = 0;
                for (int i = 0; i < SLOW + OTHERS; i++) {
                    RequestReport report = server.reports().poll(120, TimeUnit.SECONDS);
                    assertThat(report).as("report %d", i).isNotNull();
                    cut += report.status() == 499 ? 1 : 0;
                    whole += report.status() == 200 ? 1 : 0;
                }
                assertThat(cut).as("clients cut off").isEqualTo(SLOW);
                assertThat(whole).as("clients served").isEqualTo(OTHERS);
            } finally {
                for (Socket socket : slow) {
                    socket.close();
                }
            }
            server.awaitIdle();
        }
    }

    /** Choices are told by one connection, but each must be paused on its own. */
    @Test
    void keepTheEngineFromWorkingAheadWithoutEnd() throws Exception {
        int choices = 4;
        try (TestServer server = TestServer.tiny(load -> load.context(4_096).slots(choices))) {
            try (Socket slow = neverReading(server, 1, choices)) {
                server.await(status -> status.running() == choices);
                untilNothingMoves(server);
                assertThat(slow.isConnected()).isTrue();
            }
            server.awaitIdle();
            String metrics = new Http(server.uri()).get("/metrics").body();
            double made =
                    metrics.lines()
                            .filter(line -> line.startsWith("scout4j_generated_tokens_total "))
                            .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                            .sum();
            // 1,024 events wait in the engine for each choice, some hundreds on their way.
            assertThat(made).isBetween(4_000.0, 8_000.0);
        }
    }

    private static void untilNothingMoves(TestServer server) throws InterruptedException {
        long steps = -1;
        while (server.scout().status().steps() != steps) {
            steps = server.scout().status().steps();
            Thread.sleep(1_000); // that nothing happens is told by no event
        }
    }
}
