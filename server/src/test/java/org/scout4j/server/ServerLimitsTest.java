package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests beyond what a server takes, and clients that are too slow for it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerLimitsTest {
    private static final int BODY = 2000;
    private static final int PER_ADDRESS = 150;

    private final TestDialect dialect = new TestDialect("/v1");
    private final BlockingQueue<RequestReport> reports = new LinkedBlockingQueue<>();
    private ScoutServer server;

    static ServerOptions options(List<String> keys, List<String> origins) {
        ServerOptions local = ServerOptions.local(0, List.of("m"));
        return new ServerOptions(
                local.host(),
                0,
                local.modelNames(),
                keys,
                origins,
                false,
                new ServerOptions.HttpLimits(
                        BODY,
                        Duration.ofMillis(300),
                        Duration.ofMillis(300),
                        Duration.ofMillis(600),
                        Duration.ofMillis(400),
                        Duration.ofMillis(150),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        200,
                        PER_ADDRESS),
                List.of(),
                "dev",
                false,
                local.images());
    }

    @BeforeEach
    void start() {
        server =
                ScoutServer.start(
                        options(List.of(), List.of("https://good.example")),
                        List.of(dialect),
                        new ServedModel(List.of("m"), Instant.EPOCH),
                        new ScoutServer.Extras(new Startup(), List.of(), List.of(reports::add)));
    }

    @AfterEach
    void stop() {
        dialect.release().countDown();
        server.close();
    }

    private RawClient.Reply once(String request) {
        return RawClient.once(server.port(), request);
    }

    private static String bodyOf(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
    }

    @Test
    void aBodyMayBeAsLongAsTheLimit() {
        assertThat(once(RawClient.post("/v1/echo", bodyOf(BODY - 1))).status()).isEqualTo(200);
        assertThat(once(RawClient.post("/v1/echo", bodyOf(BODY))).status()).isEqualTo(200);
        RawClient.Reply reply = once(RawClient.post("/v1/echo", bodyOf(BODY + 1)));
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.body()).contains("2000 bytes").contains("\"dialect\":\"/v1\"");
    }

    @Test
    void aLongBodyIsRefusedBeforeItIsSent() {
        assertThat(
                        once("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length:"
                                        + " 99999999999\r\n\r\n")
                                .status())
                .isEqualTo(413);
    }

    private static String chunked(String body, int size) {
        StringBuilder text =
                new StringBuilder(
                        "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                                + " application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < body.length(); i += size) {
            String chunk = body.substring(i, Math.min(body.length(), i + size));
            text.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk);
            text.append("\r\n");
        }
        return text.append("0\r\n\r\n").toString();
    }

    @Test
    void chunkedBodiesHaveTheSameLimit() {
        assertThat(once(chunked(bodyOf(BODY), 1)).status()).isEqualTo(200);
        assertThat(once(chunked(bodyOf(BODY), 700)).status()).isEqualTo(200);
        assertThat(once(chunked(bodyOf(BODY + 1), 700)).status()).isEqualTo(413);
        assertThat(
                        once("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:"
                                        + " chunked\r\n\r\n7fffffff\r\n")
                                .status())
                .isEqualTo(413);
    }

    @Test
    void aChunkSizeWithoutEndIsNotCollected() {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(
                    "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:"
                            + " chunked\r\n\r\n");
            client.send("0".repeat(200_000));
            assertThat(client.reply().status()).isEqualTo(413);
        }
    }

    @Test
    void compressedBodiesAreRefused() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write("{}".getBytes(StandardCharsets.UTF_8));
        }
        try (RawClient client = RawClient.to(server.port())) {
            client.send(
                    "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                            + " application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                            + packed.size()
                            + "\r\n\r\n");
            client.send(packed.toByteArray());
            assertThat(client.reply().status()).isEqualTo(415);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{",
                "{\"a\":NaN}",
                "{\"a\":1,\"a\":2}",
                "{} x",
                "{\"a\":'b'}",
                "{\"a\":123456789012345678901234567890123}"
            })
    void whatIsNoObjectIsRefused(String body) {
        assertThat(once(RawClient.post("/v1/echo", body)).status()).isEqualTo(400);
    }

    @Test
    void numbersKeepTheirPrecision() {
        String exact = "{\"a\":0.1000000000000000055511151231}";
        assertThat(once(RawClient.post("/v1/echo", exact)).body()).isEqualTo(exact);
    }

    @Test
    void depthIsLimited() {
        assertThat(once(RawClient.post("/v1/echo", nested(63))).status()).isEqualTo(200);
        assertThat(once(RawClient.post("/v1/echo", nested(64))).status()).isEqualTo(400);
        assertThat(once(RawClient.post("/v1/echo", nested(900))).status()).isEqualTo(400);
    }

    /** An object with arrays in it. */
    private static String nested(int arrays) {
        return "{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
    }

    @Test
    void otherEncodingsThanUtf8AreRefused() {
        byte[] latin = "{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        try (RawClient client = RawClient.to(server.port())) {
            client.send(
                    "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                            + " application/json\r\nContent-Length: "
                            + latin.length
                            + "\r\n\r\n");
            assertThat(client.send(latin).reply().status()).isEqualTo(400);
        }
    }

    @Test
    void bodiesOfOtherTypesAreRefused() {
        String form = RawClient.post("/v1/echo", "{}").replace("application/json", "text/plain");
        assertThat(once(form).status()).isEqualTo(415);
        String charset = RawClient.post("/v1/echo", "{}").replace("json", "JSON; charset=utf-8");
        assertThat(once(charset).status()).isEqualTo(200);
        String none =
                RawClient.post("/v1/echo", "{}").replace("Content-Type: application/json\r\n", "");
        assertThat(once(none).status()).isEqualTo(200);
        assertThat(once(none.replace("Host:", "Origin: https://evil.example\r\nHost:")).status())
                .isEqualTo(415);
    }

    @Test
    void headsAreLimited() {
        String long8k = "/v1/things/" + "x".repeat(8192);
        assertThat(once(RawClient.get(long8k)).status()).isEqualTo(414);
        assertThat(once(withHeader("X-Long", "x".repeat(33_000))).status()).isEqualTo(431);
        assertThat(once(withHeader("X-Long", "x".repeat(1 << 20))).status()).isEqualTo(431);
        assertThat(once(withHeader("X-Long", "x".repeat(30_000))).status()).isEqualTo(200);
        StringBuilder many = new StringBuilder("GET /livez HTTP/1.1\r\nHost: localhost\r\n");
        many.append("X-A: b\r\n".repeat(99)); // with Host: 100
        assertThat(once(many + "\r\n").status()).isEqualTo(200);
        assertThat(once(many + "X-A: b\r\n\r\n").status()).isEqualTo(431);
    }

    private static String withHeader(String name, String value) {
        return "GET /livez HTTP/1.1\r\nHost: localhost\r\n" + name + ": " + value + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /livez HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /livez HTTP/1.1\r\n\r\n",
                "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n{}"
            })
    void brokenHttpIsABadRequest(String request) {
        RawClient.Reply reply = once(request);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.header("x-request-id")).isNotEmpty();
    }

    @Test
    void oldHttpIsToldWhatToDo() {
        RawClient.Reply reply = once("GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n");
        assertThat(reply.status()).isEqualTo(505);
        assertThat(reply.body()).contains("proxy_http_version 1.1");
    }

    @Test
    void slowHeadsAndBodiesAreGivenUp() {
        try (RawClient client = RawClient.to(server.port())) {
            assertThat(client.send("GET /livez HT").reply().status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = RawClient.to(server.port())) {
            client.send(RawClient.post("/v1/echo", "{\"a\":1}").replace("1}", ""));
            assertThat(client.reply().status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void idleConnectionsAreClosed() {
        try (RawClient client = RawClient.to(server.port())) {
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = RawClient.to(server.port())) {
            assertThat(client.send(RawClient.get("/livez")).reply().status()).isEqualTo(200);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aClientMayAskBeforeItSendsABody() {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(
                    "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                            + " application/json\r\nExpect: 100-continue\r\nContent-Length:"
                            + " 2\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("{}").reply().body()).isEqualTo("{}");
        }
    }

    @Test
    void silenceOfAStreamIsFilled() {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(RawClient.post("/v1/stream", "{}"));
            assertThat(client.readUntil(": ping\n\n")).contains("data: {\"begun\":true}\n\n");
            assertThat(client.readUntil(": ping\n\n")).endsWith("\r\n: ping\n\n");
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(RawClient.post("/v1/flood", "{}"));
            RequestReport report = reports.poll(30, TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            assertThat(report.status()).isEqualTo(499);
            assertThat(once(RawClient.get("/livez")).status()).isEqualTo(200);
        }
    }

    @Test
    void whoLeavesAfterTheReplyHasNotLeftEarly() throws Exception {
        for (String request :
                List.of(RawClient.get("/livez"), RawClient.post("/v1/count", "{\"events\":2}"))) {
            for (int i = 0; i < 50; i++) {
                assertThat(once(request).status()).isEqualTo(200);
                assertThat(reports.poll(20, TimeUnit.SECONDS))
                        .extracting(RequestReport::status)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void onlyOurHostNamesAreAnswered() {
        for (String host : List.of("evil.example", "localhost.evil.example:80", "10.0.0.1")) {
            assertThat(once(RawClient.get("/livez").replace("localhost", host)).status())
                    .as(host)
                    .isEqualTo(421);
        }
        for (String host : List.of("localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST")) {
            assertThat(once(RawClient.get("/livez").replace("localhost", host)).status())
                    .as(host)
                    .isEqualTo(200);
        }
    }

    @Test
    void pagesOfConfiguredOriginsMayCall() {
        String preflight =
                "OPTIONS /v1/echo HTTP/1.1\r\nHost: localhost\r\nOrigin: https://good.example\r\n"
                        + "Access-Control-Request-Method: POST\r\n"
                        + "Access-Control-Request-Headers: authorization\r\n\r\n";
        RawClient.Reply reply = once(preflight);
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("access-control-allow-origin")).isEqualTo("https://good.example");
        assertThat(reply.header("access-control-allow-headers")).isEqualTo("authorization");
        RawClient.Reply other = once(preflight.replace("good", "evil"));
        assertThat(other.status()).isEqualTo(405);
        assertThat(other.header("access-control-allow-origin")).isEmpty();
    }

    @Test
    void aHundredConnectionsAreServedAtOnce() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                clients.add(RawClient.to(server.port()));
            }
            for (RawClient client : clients) {
                client.send(RawClient.post("/v1/stream", "{}"));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(dialect.running().poll(20, TimeUnit.SECONDS)).isNotNull();
            }
            dialect.release().countDown();
            for (RawClient client : clients) {
                assertThat(client.reply().body()).endsWith("data: [DONE]\n\n");
            }
        } catch (UncheckedIOException e) {
            throw new AssertionError("a connection failed", e);
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void oneAddressHasItsShareOfConnectionsAndNoMore() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < PER_ADDRESS; i++) {
                clients.add(RawClient.to(server.port()).send(RawClient.post("/v1/stream", "{}")));
                assertThat(dialect.running().poll(20, TimeUnit.SECONDS)).as("%d", i).isNotNull();
            }
            try (RawClient oneMore = RawClient.to(server.port())) {
                RawClient.Reply refused = oneMore.send(RawClient.get("/livez")).reply();
                assertThat(refused.status()).isZero();
            } catch (UncheckedIOException reset) {
                assertThat(reset).hasMessageContaining("Connection reset");
            }
            clients.removeLast().reset();
            assertThat(dialect.outcomes().poll(20, TimeUnit.SECONDS)).isEqualTo("gone");
            while (reports.poll(20, TimeUnit.SECONDS) == null) {
                assertThat(clients).isNotEmpty();
            }
            RawClient.Reply served = new RawClient.Reply(0, "", "");
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (served.status() != 200 && System.nanoTime() < limit) {
                served = tried(RawClient.get("/livez")); // its place is free a moment after its end
            }
            assertThat(served.status()).isEqualTo(200);
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    private RawClient.Reply tried(String request) {
        try {
            return once(request);
        } catch (UncheckedIOException reset) {
            return new RawClient.Reply(0, "", "");
        }
    }
}
