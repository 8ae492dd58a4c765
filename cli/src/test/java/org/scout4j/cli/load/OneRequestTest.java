package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.cli.load.Outcome.Fault;

@Timeout(60)
class OneRequestTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @Test
    void anAnswerAsServersStreamIt() throws Exception {
        Outcome outcome = ask((request, answer) -> answer.whole(request));

        assertThat(outcome.fault()).isNull();
        assertThat(outcome.contents()).hasSize(4);
        assertThat(outcome.finish()).isEqualTo("length");
        assertThat(outcome.usage()).isEqualTo(new Outcome.Usage(8, 4, 4));
        assertThat(outcome.outputTokens()).isEqualTo(4);
    }

    /** The role's event with its empty content, and comments, are no token. */
    @Test
    void theFirstTokenIsTheFirstText() throws Exception {
        AtomicLong before = new AtomicLong();
        AtomicLong after = new AtomicLong();
        CountDownLatch roleSent = new CountDownLatch(1);
        Outcome outcome =
                ask((request, answer) -> {
                    answer.stream();
                    answer.event(
                            "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
                    answer.chunk(": keep-alive\n\n");
                    roleSent.countDown();
                    Thread.sleep(30);
                    before.set(System.nanoTime());
                    answer.content("one");
                    Thread.sleep(30);
                    after.set(System.nanoTime());
                    answer.content("two");
                    answer.end("stop", 8, 3);
                });

        assertThat(roleSent.getCount()).isZero();
        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.contents()).hasSize(2);
        assertThat(outcome.contents()[0]).isGreaterThanOrEqualTo(before.get());
        assertThat(outcome.contents()[1]).isGreaterThanOrEqualTo(after.get());
        assertThat(outcome.ended()).isGreaterThanOrEqualTo(outcome.contents()[1]);
    }

    @Test
    void eventsMayComeInAnyPiecesAndLineEnds() throws Exception {
        Outcome outcome =
                ask((request, answer) -> {
                    answer.stream();
                    String text =
                            "event: x\r\ndata:{\"choices\":[{\"text\":\"é\"}]}\r\n\r\n"
                                    + ":note\r\rdata: {\"choices\":\rdata: [{\"text\":\"b\"}]}\r\r"
                                    + "data: [DONE]\n\n";
                    for (String one : text.split("")) {
                        answer.chunk(one);
                    }
                    answer.raw("0\r\n\r\n");
                });

        assertThat(outcome.fault()).isNull();
        assertThat(outcome.contents()).hasSize(2);
    }

    @Test
    void aBodyMayEndWithItsConnection() throws Exception {
        Outcome outcome =
                ask((request, answer) ->
                        answer.raw(
                                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
                                        + "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"x\"}}]}\n\n"
                                        + "data: [DONE]\n\n"));

        assertThat(outcome.fault()).isNull();
        assertThat(outcome.contents()).hasSize(1);
    }

    @Test
    void withoutUsageTokensAreThePieces() throws Exception {
        Outcome outcome =
                ask((request, answer) -> {
                    answer.stream();
                    answer.content("a");
                    answer.content("b");
                    answer.event("[DONE]");
                });

        assertThat(outcome.fault()).isNull();
        assertThat(outcome.usage()).isNull();
        assertThat(outcome.outputTokens()).isEqualTo(2);
    }

    @Test
    void failuresHaveKinds() throws Exception {
        assertThat(kind((r, a) -> a.json(429, "{\"error\":{\"message\":\"full\"}}")))
                .isEqualTo("http_429");
        assertThat(kind((r, a) -> a.json(500, "oh"))).isEqualTo("http_500");
        assertThat(kind((r, a) -> a.json(200, "{}"))).isEqualTo(Fault.MALFORMED);
        assertThat(kind((r, a) -> a.raw("SSH-2.0-x\r\n"))).isEqualTo(Fault.MALFORMED);
        assertThat(kind((r, a) -> {})).isEqualTo(Fault.CONNECTION);
        assertThat(
                        kind((r, a) -> {
                            a.stream();
                            a.content("a");
                        }))
                .isEqualTo(Fault.CUT_STREAM);
        assertThat(
                        kind((r, a) -> {
                            a.stream();
                            a.content("a");
                            a.raw("0\r\n\r\n");
                        }))
                .isEqualTo(Fault.NO_DONE);
        assertThat(
                        kind((r, a) -> {
                            a.stream();
                            a.event("{\"error\":{\"message\":\"engine\"}}");
                            a.event("[DONE]");
                        }))
                .isEqualTo(Fault.ERROR_EVENT);
        assertThat(
                        kind((r, a) -> {
                            a.stream();
                            a.event("{\"choices\":");
                            a.event("[DONE]");
                        }))
                .isEqualTo(Fault.MALFORMED);
        assertThat(
                        kind((r, a) -> {
                            a.stream();
                            a.event("[DONE]");
                        }))
                .isEqualTo(Fault.NO_CONTENT);
        assertThat(
                        kind((r, a) -> {
                            a.stream();
                            a.content("a");
                            a.end("stop", 8, 5); // four were asked for
                        }))
                .isEqualTo(Fault.USAGE_MISMATCH);
    }

    @Test
    void whatAServerSaysIsFitForATerminal() throws Exception {
        Outcome outcome =
                ask((r, a) -> a.json(400, "{\"error\":{\"message\":\"no\\u001b[2J\\nway\"}}"));

        assertThat(Objects.requireNonNull(outcome.fault()).detail()).isEqualTo("no [2J way");
    }

    @Test
    void aSilentServerRunsIntoTheTimeout() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server =
                ScriptedServer.of((request, answer) -> {
                    answer.stream();
                    answer.content("a");
                    over.await();
                })) {
            Outcome outcome =
                    request(server.target(), Duration.ofMillis(300)).send(0, new Socket(), 0);
            over.countDown();

            assertThat(Objects.requireNonNull(outcome.fault()).kind()).isEqualTo(Fault.TIMEOUT);
            assertThat(outcome.contents()).hasSize(1);
        }
    }

    @Test
    void nobodyListening() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Target target = Target.of("http://127.0.0.1:" + port, Target.Api.CHAT, null);

        Fault fault = request(target, LONG).send(0, new Socket(), 0).fault();

        assertThat(Objects.requireNonNull(fault).kind()).isEqualTo(Fault.CONNECTION);
    }

    private static String kind(ScriptedServer.Script script) throws Exception {
        Fault fault = ask(script).fault();
        return fault == null ? "none" : fault.kind();
    }

    private static Outcome ask(ScriptedServer.Script script) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(script)) {
            return request(server.target(), LONG).send(0, new Socket(), System.nanoTime());
        }
    }

    /** Times count from nanoTime's own zero, which the server's can be compared with. */
    private static OneRequest request(Target target, Duration timeout) {
        byte[] body = target.body("m", "hello", 4, new LoadPlan.Sampling(0, false));
        return new OneRequest(target, body, 4, timeout, 0);
    }
}
