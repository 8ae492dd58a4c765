package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.scout4j.engine.EngineStatus;
import tools.jackson.databind.node.ObjectNode;

/**
 * A thousand clients that leave at random moments: in the queue, while their prompt is read, in the
 * middle of the answer, after half a request (spec "Reliability" F-1, F-28, P-4, P-5).
 */
class CancelStormTest {
    private static final long SEED = 77;
    private static final int DROPPED = 1_000;
    private static final int KEPT = 40;

    @Test
    void leavesNothingBehindAndChangesNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<ObjectNode> kept = new ArrayList<>();
        for (int i = 0; i < KEPT; i++) {
            kept.add(Requests.random(random));
        }
        try (TestServer server =
                TestServer.tiny(load -> load.slots(8).queue(2_000).stepTokens(64))) {
            Http http = new Http(server.uri());
            List<String> calm = new ArrayList<>();
            for (ObjectNode request : kept) {
                calm.add(choices(http.post(Requests.path(request), request)));
            }
            List<Future<String>> answers = new ArrayList<>();
            Semaphore sockets = new Semaphore(200);
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < DROPPED; i++) {
                    if (i % (DROPPED / KEPT) == 0) {
                        ObjectNode request = kept.get(answers.size());
                        answers.add(
                                clients.submit(
                                        () -> choices(http.post(Requests.path(request), request))));
                    }
                    SplittableRandom own = random.split();
                    clients.submit(() -> {
                        sockets.acquire();
                        try {
                            ObjectNode doomed = Requests.random(own).put("max_tokens", 300);
                            DroppingClient.sendAndDrop(server.uri(), doomed, own);
                        } finally {
                            sockets.release();
                        }
                        return null;
                    });
                }
                for (int i = 0; i < KEPT; i++) {
                    assertThat(answers.get(i).get())
                            .as("seed %d, request %d", SEED, i)
                            .isEqualTo(calm.get(i));
                }
            }
            EngineStatus idle = whenIdle(server);
            assertThat(idle.usedPages()).as("pages of clients that left: %s", idle).isZero();
            assertThat(server.scout().status().waiting()).isZero();
            assertThat(http.get("/health").status()).isEqualTo(200);
        }
    }

    private static String choices(Http.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("choices").toString();
    }

    /** Every client has left; the engine has until the next steps to notice. */
    private static EngineStatus whenIdle(TestServer server) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        EngineStatus status = server.scout().status();
        while (status.running() + status.waiting() + status.usedPages() > 0
                && System.nanoTime() < limit) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            status = server.scout().status();
        }
        return status;
    }
}
