package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chassis under clients made of bytes. */
class ScoutServerTest {
    private final TestDialect dialect = new TestDialect("/v1");
    private final TestDialect other = new TestDialect("/api/v1");
    private final ServedModel model = new ServedModel(List.of("m"), Instant.EPOCH);
    private ScoutServer server;

    @BeforeEach
    void start() {
        server =
                ScoutServer.start(
                        ServerOptions.local(0, List.of("m")),
                        List.of(dialect, other),
                        model,
                        ScoutServer.Extras.none());
    }

    @AfterEach
    void stop() {
        dialect.release().countDown();
        server.close();
    }

    private RawClient.Reply once(String request) {
        return RawClient.once(server.port(), request);
    }

    private static String outcome(TestDialect dialect) throws InterruptedException {
        return dialect.outcomes().poll(20, TimeUnit.SECONDS);
    }

    @Test
    void bodyIsReadAndAnswered() {
        RawClient.Reply reply = once(RawClient.post("/v1/echo", "{\"a\":1.5}"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"a\":1.5}");
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.header("x-request-id")).hasSize(36);
        assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void pathParameterTakesTheRestWithSlashesDecoded() {
        assertThat(once(RawClient.get("/v1/things/a/b%20c%2Fd")).body()).isEqualTo("a/b c/d");
    }

    @Test
    void unknownPathsAnswerInTheirDialect() {
        assertThat(once(RawClient.get("/api/v1/none")).body()).contains("\"dialect\":\"/api/v1\"");
        assertThat(once(RawClient.get("/none")).body()).contains("\"dialect\":\"/v1\"");
        assertThat(once(RawClient.get("/v1/none")).status()).isEqualTo(404);
    }

    @Test
    void wrongMethodNamesTheRightOnes() {
        RawClient.Reply reply = once(RawClient.get("/v1/echo"));
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("allow")).isEqualTo("POST");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(
                    RawClient.post("/v1/echo", "{\"n\":1}")
                            + RawClient.post("/v1/echo", "{\"n\":2}")
                            + RawClient.get("/v1/things/x"));
            assertThat(client.reply().body()).isEqualTo("{\"n\":1}");
            assertThat(client.reply().body()).isEqualTo("{\"n\":2}");
            assertThat(client.reply().body()).isEqualTo("x");
        }
    }

    @Test
    void streamArrivesEventByEvent() {
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Reply reply =
                    client.send(RawClient.post("/v1/count", "{\"events\":3}")).reply();
            assertThat(reply.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
            assertThat(reply.header("cache-control")).isEqualTo("no-cache");
            assertThat(reply.header("x-accel-buffering")).isEqualTo("no");
            assertThat(reply.body())
                    .isEqualTo(
                            "data: {\"i\":0}\n\ndata: {\"i\":1}\n\ndata: {\"i\":2}\n\n"
                                    + "data: [DONE]\n\n");
            assertThat(client.send(RawClient.get("/v1/things/again")).reply().body())
                    .isEqualTo("again");
        }
    }

    @Test
    void aFailureTellsTheClientNothingOfItsInside() {
        RawClient.Reply reply = once(RawClient.post("/v1/broken", "{}"));
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).contains("\"code\":\"internal\"").doesNotContain("secret");
    }

    /** Sends a request and waits until its handler waits. */
    private void begin(RawClient client, String path) throws InterruptedException {
        client.send(RawClient.post(path, "{}"));
        dialect.running().take();
        if (path.endsWith("/stream")) {
            client.readUntil("{\"begun\":true}\n\n");
        }
    }

    @Test
    void aClosedConnectionIsNoticedWhileNothingIsWritten() throws Exception {
        for (String path : List.of("/v1/wait", "/v1/stream")) {
            try (RawClient client = RawClient.to(server.port())) {
                begin(client, path);
            }
            assertThat(outcome(dialect)).as(path).isEqualTo("gone");
        }
    }

    @Test
    void aResetConnectionIsNoticedWhileNothingIsWritten() throws Exception {
        for (String path : List.of("/v1/wait", "/v1/stream")) {
            RawClient client = RawClient.to(server.port());
            begin(client, path);
            client.reset();
            assertThat(outcome(dialect)).as(path).isEqualTo("gone");
        }
    }

    @Test
    void aHalfClosedConnectionCountsAsLeftButStillGetsItsReply() throws Exception {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(RawClient.post("/v1/wait", "{}"));
            dialect.running().take();
            Socket socket = client.socket();
            socket.shutdownOutput();
            assertThat(outcome(dialect)).isEqualTo("gone");
            assertThat(client.reply().body()).isEqualTo("gone");
        }
    }

    @Test
    void bytesThatComeWhileARequestIsHandledBelongToTheNext() throws Exception {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(RawClient.post("/v1/wait", "{}"));
            dialect.running().take();
            client.send(RawClient.get("/v1/things/later"));
            dialect.release().countDown();
            assertThat(outcome(dialect)).isEqualTo("released");
            assertThat(client.reply().body()).isEqualTo("released");
            assertThat(client.reply().body()).isEqualTo("later");
        }
    }

    @Test
    void healthTellsThatTheModelIsNotThereYet() {
        assertThat(once(RawClient.get("/livez")).status()).isEqualTo(200);
        assertThat(once(RawClient.get("/readyz")).status()).isEqualTo(503);
        assertThat(once(RawClient.get("/startupz")).body()).contains("\"percent\":0");
        RawClient.Reply health = once(RawClient.get("/health"));
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.body())
                .isEqualTo(
                        "{\"error\":{\"code\":503,\"message\":\"Loading model\","
                                + "\"type\":\"unavailable_error\"}}");
    }
}
