package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.engine.EngineObserver;
import org.scout4j.engine.GenerationReport;
import org.scout4j.engine.StepReport;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Short prompts beside a long one that is still being read (spec "Reliability" P-14). */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FairnessTest {
    private static final int STEP_TOKENS = 16;
    private static final int LONG = 3_900;
    private static final int SHORT = 6;

    /** Remembers at which step each kind of generation ended. */
    private static final class Steps implements EngineObserver {
        private final AtomicLong steps = new AtomicLong();
        private final List<Long> shortEnds = new ArrayList<>();
        private final List<Long> longEnds = new ArrayList<>();

        @Override
        public void stepped(StepReport report) {
            steps.incrementAndGet();
        }

        @Override
        public synchronized void ended(GenerationReport report) {
            (report.promptTokens() > STEP_TOKENS ? longEnds : shortEnds).add(steps.get());
        }

        private synchronized List<Long> ends(boolean ofShort) {
            return List.copyOf(ofShort ? shortEnds : longEnds);
        }
    }

    private static ObjectNode request(int tokens) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", Requests.MODEL).put("max_tokens", 1).put("seed", 1);
        ArrayNode ids = body.putArray("prompt");
        for (int i = 0; i < tokens; i++) {
            ids.add(1 + i % 200);
        }
        return body;
    }

    @Test
    void shortPromptsDoNotWaitForALongOne() throws Exception {
        Steps steps = new Steps();
        try (TestServer server =
                        TestServer.tiny(load ->
                                load.context(4_096)
                                        .slots(8)
                                        .stepTokens(STEP_TOKENS)
                                        .prefixCache(false)
                                        .observer(steps));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Http http = new Http(server.uri());
            Future<Http.Reply> whole =
                    clients.submit(() -> http.post("/v1/completions", request(LONG)));
            server.await(status -> status.running() == 1 && status.usedPages() > 0);
            List<Future<Http.Reply>> others = new ArrayList<>();
            for (int i = 0; i < SHORT; i++) {
                others.add(clients.submit(() -> http.post("/v1/completions", request(4))));
            }
            for (Future<Http.Reply> reply : others) {
                assertThat(reply.get().status()).isEqualTo(200);
            }
            assertThat(whole.get().status()).isEqualTo(200);
            server.awaitIdle();
            long longEnd = steps.ends(false).getFirst();
            assertThat(longEnd).as("steps of the long prompt").isGreaterThan(LONG / STEP_TOKENS);
            assertThat(steps.ends(true))
                    .as("steps at which short answers ended; the long one: %d", longEnd)
                    .hasSize(SHORT)
                    .allMatch(end -> end < longEnd);
        }
    }
}
