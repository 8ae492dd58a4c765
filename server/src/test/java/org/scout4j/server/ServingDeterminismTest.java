package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.scout4j.LoadOptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The same request gives the same bytes whatever else the server does (spec "Reliability" P-5, P-9,
 * T-determinism): answers made one at a time without any cache are the measure for answers made in
 * a crowd, with cancelled neighbours, a cache too small for all, shared prefixes and other threads.
 */
class ServingDeterminismTest {
    private static final long SEED = 20_261_122;
    private static final int REQUESTS = 200;
    private static final int WITH_IMAGES = 80;
    private static final int AT_ONCE = 24;

    /** Loads a model as the test wants it. */
    private interface Serving {
        TestServer start(Consumer<LoadOptions.Builder> loading);
    }

    @Test
    void sameBytesAloneAndInACrowd() throws Exception {
        sameBytes(TestServer::tiny, Requests::random, REQUESTS);
    }

    @Test
    void sameBytesWithImagesAloneAndInACrowd() throws Exception {
        sameBytes(TestServer::tinySeeing, Requests::withImages, WITH_IMAGES);
    }

    private static void sameBytes(
            Serving serving, Function<SplittableRandom, ObjectNode> making, int count)
            throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<ObjectNode> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(making.apply(random));
        }
        List<String> alone = new ArrayList<>();
        try (TestServer server =
                serving.start(load -> load.threads(1).slots(1).context(384).prefixCache(false))) {
            Http http = new Http(server.uri());
            for (ObjectNode request : requests) {
                alone.add(answer(http.post(Requests.path(request), request)));
            }
        }
        for (int threads = 1; threads <= 2; threads++) {
            int workers = threads;
            try (TestServer server =
                    serving.start(load ->
                            load.threads(workers)
                                    .slots(8)
                                    .context(384)
                                    .cacheTokens(448)
                                    .stepTokens(48))) {
                List<String> crowd = inACrowd(server, requests, making, random.split());
                for (int i = 0; i < count; i++) {
                    assertThat(crowd.get(i))
                            .as(
                                    "seed %d, request %d, %d threads: %s",
                                    SEED, i, threads, requests.get(i))
                            .isEqualTo(alone.get(i));
                }
                String metrics = new Http(server.uri()).get("/metrics").body();
                assertThat(sample(metrics, "scout4j_preemptions_total"))
                        .as("the cache was meant to be too small")
                        .isPositive();
                assertThat(sample(metrics, "scout4j_prefix_hit_tokens_total"))
                        .as("prompts were meant to share beginnings")
                        .isPositive();
            }
        }
    }

    /**
     * Every request once, many at a time, half of them streamed, beside others that are dropped.
     */
    private static List<String> inACrowd(
            TestServer server,
            List<ObjectNode> requests,
            Function<SplittableRandom, ObjectNode> making,
            SplittableRandom random)
            throws Exception {
        Http http = new Http(server.uri());
        Semaphore places = new Semaphore(AT_ONCE);
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (ObjectNode request : requests) {
                SplittableRandom own = random.split();
                answers.add(
                        clients.submit(() -> {
                            places.acquire();
                            try {
                                return own.nextBoolean()
                                        ? streamed(http, request)
                                        : answer(http.post(Requests.path(request), request));
                            } finally {
                                places.release();
                            }
                        }));
                if (own.nextInt(3) == 0) {
                    clients.submit(() -> {
                        DroppingClient.sendAndDrop(server.uri(), making.apply(own), own);
                        return null;
                    });
                }
            }
            List<String> texts = new ArrayList<>();
            for (Future<String> answer : answers) {
                texts.add(answer.get());
            }
            return texts;
        }
    }

    /** All that an answer says about its tokens. */
    private static String answer(Http.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        StringBuilder said = new StringBuilder();
        for (JsonNode choice : reply.json().get("choices")) {
            boolean chat = choice.has("message");
            said.append(
                    chat
                            ? choice.at("/message/content").asString("")
                            : choice.get("text").asString());
            said.append('|').append(choice.get("finish_reason").asString());
            said.append('|').append(chat ? choice.at("/logprobs/content") : choice.get("logprobs"));
            said.append('\n');
        }
        return said.toString();
    }

    /** The same from a stream. */
    private static String streamed(Http http, ObjectNode request) throws Exception {
        ObjectNode body = request.deepCopy().put("stream", true);
        Http.Reply reply = http.post(Requests.path(request), body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return StreamedAnswer.join(reply.chunks(), request);
    }

    private static double sample(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
