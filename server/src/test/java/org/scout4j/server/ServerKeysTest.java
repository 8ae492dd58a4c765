package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with keys: everything but its health is behind them. */
class ServerKeysTest {
    private final TestDialect dialect = new TestDialect("/v1");
    private ScoutServer server;

    @BeforeEach
    void start() {
        server =
                ScoutServer.start(
                        ServerLimitsTest.options(List.of("key-1", "key-2"), List.of()),
                        List.of(dialect),
                        new ServedModel(List.of("m"), Instant.EPOCH),
                        ScoutServer.Extras.none());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient.Reply with(String request, String authorization) {
        return RawClient.once(
                server.port(),
                request.replace("Host:", "Authorization: " + authorization + "\r\nHost:"));
    }

    @Test
    void everyRouteNeedsAKey() {
        for (Route route : dialect.routes()) {
            String path = route.path().replace("{id}", "x");
            String request =
                    route.method().equals("GET") ? RawClient.get(path) : RawClient.post(path, "{}");
            assertThat(RawClient.once(server.port(), request).status())
                    .as(route.path())
                    .isEqualTo(401);
        }
        for (String path : List.of("/livez", "/readyz", "/startupz", "/health")) {
            assertThat(RawClient.once(server.port(), RawClient.get(path)).status())
                    .as(path)
                    .isNotEqualTo(401);
        }
    }

    @Test
    void missingAndWrongKeysAreToldTheSame() {
        String request = RawClient.post("/v1/echo", "{}");
        Set<String> bodies = new HashSet<>();
        bodies.add(RawClient.once(server.port(), request).body());
        for (String wrong :
                List.of("Bearer key-3", "Bearer key-1x", "Bearer ", "Basic key-1", "key-1")) {
            RawClient.Reply reply = with(request, wrong);
            assertThat(reply.status()).as(wrong).isEqualTo(401);
            bodies.add(reply.body());
        }
        assertThat(bodies).hasSize(1);
    }

    @Test
    void aKnownKeyOpens() {
        String request = RawClient.post("/v1/echo", "{}");
        assertThat(with(request, "Bearer key-1").status()).isEqualTo(200);
        assertThat(with(request, "bearer key-2").status()).isEqualTo(200);
        assertThat(with(request.replace("localhost", "any.example"), "Bearer key-2").status())
                .isEqualTo(200);
    }

    @Test
    void tenantsAreDigestsOfTheirKeys() {
        ApiKeys keys = new ApiKeys(List.of("key-1", "key-2"), List.of());
        String one = keys.tenant(Optional.of("Bearer key-1"), Optional.of("a")).orElseThrow();
        String two = keys.tenant(Optional.of("Bearer key-2"), Optional.empty()).orElseThrow();
        assertThat(one).hasSize(64).isNotEqualTo(two).doesNotContain("key");
    }

    @Test
    void failuresAreCountedByAddressAndMinute() {
        FailedKeys failed = new FailedKeys();
        long now = 0;
        for (int i = 0; i < 20; i++) {
            assertThat(failed.failed("a", now)).isFalse();
        }
        assertThat(failed.failed("a", now)).isTrue();
        assertThat(failed.failed("b", now)).isFalse();
        assertThat(failed.failed("a", Duration.ofSeconds(61).toNanos())).isFalse();
    }
}
