package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that goes down: nothing new, and what runs ends in its own time. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerDrainTest {
    private final TestDialect dialect = new TestDialect("/v1");
    private final ServedModel model = new ServedModel(List.of("m"), Instant.EPOCH);
    private ScoutServer server;

    @BeforeEach
    void start() {
        server =
                ScoutServer.start(
                        ServerOptions.local(0, List.of("m")),
                        List.of(dialect),
                        model,
                        ScoutServer.Extras.none());
    }

    @AfterEach
    void stop() {
        dialect.release().countDown();
        server.close();
    }

    private boolean drain(Duration longest) {
        try {
            return server.drain(longest);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runningRequestsEndAndNewOnesAreRefused() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(RawClient.to(server.port()).send(RawClient.post("/v1/stream", "{}")));
            dialect.running().take();
        }
        CompletableFuture<Boolean> drained =
                CompletableFuture.supplyAsync(() -> drain(Duration.ofSeconds(30)));
        RawClient.Reply refused = RawClient.once(server.port(), RawClient.post("/v1/echo", "{}"));
        while (refused.status() == 200) { // the drain begins on another thread
            refused = RawClient.once(server.port(), RawClient.post("/v1/echo", "{}"));
        }
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isNotEmpty();
        assertThat(refused.body()).contains("draining");
        assertThat(RawClient.once(server.port(), RawClient.get("/readyz")).status()).isEqualTo(503);
        assertThat(RawClient.once(server.port(), RawClient.get("/livez")).status()).isEqualTo(200);
        assertThat(drained).isNotDone();

        dialect.release().countDown();

        for (RawClient client : clients) {
            assertThat(client.reply().body()).endsWith("data: [DONE]\n\n");
            client.close();
        }
        assertThat(drained.join()).isTrue();
    }

    @Test
    void aDrainThatTakesTooLongIsSaid() throws Exception {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(RawClient.post("/v1/wait", "{}"));
            dialect.running().take();
            assertThat(drain(Duration.ofMillis(50))).isFalse();
        }
    }

    @Test
    void closingEndsIdleConnections() {
        try (RawClient client = RawClient.to(server.port())) {
            assertThat(client.send(RawClient.get("/livez")).reply().status()).isEqualTo(200);
            server.close();
            assertThat(client.atEnd()).isTrue();
        }
    }
}
