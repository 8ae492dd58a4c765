package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** A client that leaves in each phase of its request (spec "Reliability" F-1, P-4, P-5). */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VanishingClientTest {
    private static final int LONG_PROMPT = 900;
    private static final int LONG_ANSWER = 900;

    private final HeardLogs helidon = HeardLogs.of("io.helidon");
    private final HeardLogs ours = HeardLogs.of("org.scout4j");
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.tiny(load -> load.slots(4).stepTokens(8).prefixCache(false));
    }

    @AfterEach
    void stop() {
        server.close();
        helidon.close();
        ours.close();
    }

    private static ObjectNode endless(boolean stream) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", Requests.MODEL).put("prompt", "On").put("max_tokens", LONG_ANSWER);
        body.put("seed", 1).put("stream", stream);
        ObjectNode bias = body.putObject("logit_bias");
        TestServer.TINY_STOP_TOKENS.forEach(token -> bias.put(token.toString(), -100));
        return body;
    }

    private static ObjectNode longPrompt(boolean stream) {
        ObjectNode body = endless(stream);
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < LONG_PROMPT; i++) {
            ids.add(1 + i % 200);
        }
        body.set("prompt", Http.JSON.valueToTree(ids));
        return body.put("max_tokens", 20);
    }

    private RawClient begin(ObjectNode body) {
        return RawClient.to(server.port()).send(RawClient.post("/v1/completions", body.toString()));
    }

    private void leave(RawClient client, boolean reset) {
        if (reset) {
            client.reset();
        } else {
            client.close();
        }
    }

    /** The leaver is gone, its pages too, and nobody has said a word about it. */
    private void nothingIsLeft(int requests) throws InterruptedException {
        server.awaitIdle();
        for (int i = 0; i < requests; i++) {
            RequestReport report = server.reports().poll(60, TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            assertThat(report.status()).isEqualTo(499);
            assertThat(report.facts())
                    .hasValueSatisfying(
                            facts -> assertThat(facts.finishReason()).isEqualTo("cancelled"));
        }
        assertThat(helidon.lines()).noneMatch(line -> !line.startsWith("INFO"));
        assertThat(ours.lines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inTheQueue(boolean stream) throws Exception {
        List<RawClient> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(begin(endless(true)));
        }
        server.await(status -> status.running() == 4);
        RawClient fin = begin(endless(stream));
        RawClient rst = begin(endless(stream));
        server.await(status -> status.waiting() == 2);
        leave(fin, false);
        leave(rst, true);
        server.await(status -> status.waiting() == 0);
        assertThat(server.scout().status().running()).isEqualTo(4);
        running.forEach(client -> leave(client, true));
        nothingIsLeft(6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whileALongPromptIsRead(boolean stream) throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            long steps = server.scout().status().steps();
            RawClient client = begin(longPrompt(stream));
            server.await(status -> status.running() == 1 && status.usedPages() > 0);
            leave(client, reset);
            nothingIsLeft(1);
            assertThat(server.scout().status().steps() - steps)
                    .as("steps for a prompt that nobody waits for")
                    .isLessThan(LONG_PROMPT / 8);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inTheMiddleOfAnAnswer(boolean stream) throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            long steps = server.scout().status().steps();
            RawClient client = begin(endless(stream));
            server.await(status -> status.running() == 1 && status.steps() > steps + 5);
            leave(client, reset);
            nothingIsLeft(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatWasMadeUntilThenIsReported(int choices) throws Exception {
        RawClient client = begin(endless(true).put("n", choices));
        client.readUntil("\"text\"");
        client.close();
        server.awaitIdle();
        RequestReport report = server.reports().poll(60, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        assertThat(report.facts())
                .hasValueSatisfying(facts ->
                        assertThat(facts.completionTokens())
                                .isBetween(1, choices * LONG_ANSWER - 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inTheMiddleOfFourAnswers(boolean stream) throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            RawClient client = begin(endless(stream).put("n", 4));
            server.await(status -> status.running() == 4);
            leave(client, reset);
            nothingIsLeft(1);
        }
    }

    @Test
    void othersDoNotNotice() throws Exception {
        Http http = new Http(server.uri());
        ObjectNode request = endless(false).put("max_tokens", 120).put("logprobs", 2);
        String alone = http.post("/v1/completions", request).json().get("choices").toString();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Http.Reply> beside = clients.submit(() -> http.post("/v1/completions", request));
            for (int i = 0; i < 6; i++) {
                RawClient client = begin(i % 2 == 0 ? longPrompt(true) : endless(true).put("n", 2));
                server.await(status -> status.running() + status.waiting() > 1 || beside.isDone());
                leave(client, i % 3 == 0);
            }
            assertThat(beside.get().json().get("choices").toString()).isEqualTo(alone);
        }
        server.awaitIdle();
    }

    @Test
    void whoLeavesOnReadingTheLastEventHasNotLeftEarly() throws Exception {
        for (int i = 0; i < 20; i++) {
            ObjectNode body = endless(true).put("max_tokens", 2);
            try (RawClient client = begin(body)) {
                assertThat(client.readUntil("data: [DONE]\n\n")).contains("\"length\"");
            }
            RequestReport report = server.reports().poll(60, TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            assertThat(report.status()).as("round %d", i).isEqualTo(200);
        }
    }
}
