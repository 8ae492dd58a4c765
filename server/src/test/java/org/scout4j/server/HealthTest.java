package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.scout4j.engine.EngineStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A step that never ends is seen, and said once (spec "Reliability" P-6). */
class HealthTest {
    private static final long BEGUN = 7;

    private final AtomicLong now = new AtomicLong(BEGUN);
    private final AtomicReference<EngineStatus> status = new AtomicReference<>(stepping(BEGUN));
    private final Health health =
            new Health(
                    new ServedModel(List.of("m"), Instant.EPOCH),
                    new Startup(),
                    "dev",
                    () -> Optional.of(status.get()),
                    now::get);

    private static EngineStatus stepping(long since) {
        return new EngineStatus(1, 0, 4, 1, 0, 8, 3, since);
    }

    private static Reply get(Health health, String path) {
        Reply reply = new Reply();
        health.routes().stream()
                .filter(route -> route.path().equals(path))
                .findFirst()
                .orElseThrow()
                .handler()
                .handle(reply);
        return reply;
    }

    @Test
    void aStepOfAMinuteIsNoStuckOne() {
        now.set(BEGUN + TimeUnit.SECONDS.toNanos(60));
        assertThat(get(health, "/livez").status).isEqualTo(200);
    }

    @Test
    void aStuckStepIsToldToAllAndLoggedOnce() {
        try (HeardLogs heard = HeardLogs.of("org.scout4j.server")) {
            now.set(BEGUN + TimeUnit.SECONDS.toNanos(75));
            for (int i = 0; i < 3; i++) {
                Reply reply = get(health, "/livez");
                assertThat(reply.status).isEqualTo(503);
                assertThat(reply.body).isEqualTo("{\"status\":\"stuck\",\"step_seconds\":75}");
            }
            assertThat(heard.lines()).hasSize(1);
            assertThat(heard.lines().getFirst())
                    .contains("an engine step is stuck", Thread.currentThread().getName());

            status.set(stepping(-1));
            assertThat(get(health, "/livez").status).as("it moves again").isEqualTo(200);
            status.set(stepping(BEGUN));
            assertThat(get(health, "/livez").status).isEqualTo(503);
            assertThat(heard.lines()).as("a second time").hasSize(2);
        }
    }

    @Test
    void nothingComputedIsNotStuck() {
        now.set(Long.MAX_VALUE / 2);
        status.set(stepping(-1));
        assertThat(get(health, "/livez").status).isEqualTo(200);
    }

    /** Takes a reply; asks for nothing. */
    private static final class Reply implements Exchange {
        private int status;
        private String body = "";

        @Override
        public String id() {
            return "id";
        }

        @Override
        public String tenant() {
            return "";
        }

        @Override
        public String pathParameter(String name) {
            return "";
        }

        @Override
        public Optional<String> query(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }

        @Override
        public ObjectNode body() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void replyHeader(String name, String value) {}

        @Override
        public void reply(int code, JsonNode json) {
            reply(code, "application/json", json.toString());
        }

        @Override
        public void reply(int code, String contentType, String text) {
            status = code;
            body = text;
        }

        @Override
        public EventStream events(String keepAlive) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void whenClientGone(Runnable action) {}

        @Override
        public void finished(GenerationFacts facts) {}
    }
}
