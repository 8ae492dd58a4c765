package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.vision.ImageLimits;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Images that are made to cost much, and many at once: each gets an answer or a refusal in our own
 * words, nobody else notices, nothing is left behind (spec "Threats" §2, "Reliability" F-25).
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileImageRequestsTest {
    private static final long SEED = 41;
    private static final int DROPPED = 1_000;
    private static final int KEPT = 25;
    private static final int CROWD = 50;

    /** So little memory that a few large images take all of it. */
    private static final ImageLimits LITTLE =
            new ImageLimits(10, 20 << 20, 36_000_000, 16_384, 4, 48 << 20);

    private static ObjectNode request(byte[] image, String detail) {
        ObjectNode body = Http.JSON.createObjectNode().put("model", Requests.MODEL);
        ArrayNode parts =
                body.putArray("messages").addObject().put("role", "user").putArray("content");
        parts.add(Requests.imagePart(image, detail));
        parts.addObject().put("type", "text").put("text", "What is it?");
        return body.put("max_tokens", 4).put("seed", 7).put("logprobs", true);
    }

    private static byte[] named(Map<String, byte[]> files, String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    private static ObjectNode text() {
        ObjectNode body = Http.JSON.createObjectNode().put("model", Requests.MODEL);
        body.putArray("messages").addObject().put("role", "user").put("content", "Tell me more.");
        return body.put("max_tokens", 200).put("seed", 3).put("logprobs", true).put("stream", true);
    }

    private static Http.Reply post(Http http, ObjectNode body) throws Exception {
        return http.post("/v1/chat/completions", body);
    }

    private static String streamed(Http http) throws Exception {
        Http.Reply reply = post(http, text());
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return StreamedAnswer.join(reply.chunks(), text());
    }

    private static String choices(Http.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("choices").toString();
    }

    @Test
    void eachGetsAnAnswerOrARefusalAndNobodyElseNotices() throws Exception {
        Map<String, byte[]> sound = HostileImages.sound();
        Map<String, byte[]> unsound = HostileImages.unsound();
        try (TestServer server = TestServer.tinySeeing(load -> load.slots(4));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Http http = new Http(server.uri());
            String alone = streamed(http);
            choices(post(http, request(named(sound, "1 by 1"), "low")));
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> beside =
                    clients.submit(() -> {
                        int streams = 0;
                        do {
                            assertThat(streamed(http)).isEqualTo(alone);
                            streams++;
                        } while (!over.get());
                        return streams;
                    });
            try {
                for (Map.Entry<String, byte[]> file : sound.entrySet()) {
                    Http.Reply reply = post(http, request(file.getValue(), "high"));
                    assertThat(reply.status()).as(file + reply.body()).isEqualTo(200);
                }
                for (Map.Entry<String, byte[]> file : unsound.entrySet()) {
                    refused(file.getKey(), post(http, request(file.getValue(), "high")));
                }
            } finally {
                over.set(true);
            }
            assertThat(beside.get()).isPositive();
            nothingIsLeft(server);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
                    .isLessThanOrEqualTo(threads + 4);
        }
    }

    private static void refused(String name, Http.Reply reply) {
        assertThat(reply.status()).as("%s: %s", name, reply.body()).isEqualTo(400);
        assertThat(reply.json().at("/error/code").stringValue())
                .as(name)
                .isEqualTo("invalid_image");
        assertThat(reply.json().at("/error/param").stringValue())
                .isEqualTo("messages[0].content[0].image_url.url");
        String message = reply.json().at("/error/message").stringValue();
        assertThat(message)
                .as(name)
                .startsWith("The image 'messages[0].content[0].image_url.url' ");
        assertThat(message.toLowerCase(Locale.ROOT))
                .as(name)
                .doesNotContain("java", "exception", "imageio", "monkeys", "/", "null", "org.");
    }

    private static void nothingIsLeft(TestServer server) throws Exception {
        server.awaitIdle();
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (server.scout().imageBytes() > 0 && System.nanoTime() < limit) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        assertThat(server.scout().imageBytes()).as("memory of images").isZero();
        assertThat(new Http(server.uri()).get("/metrics").body())
                .contains("scout4j_image_memory_bytes 0.0");
    }

    @Test
    void aCrowdWithLargeImagesIsAnsweredOrAskedToComeLater() throws Exception {
        byte[] image =
                HostileImages.written(
                        HostileImages.drawn(2_000, 1_500, BufferedImage.TYPE_3BYTE_BGR), "png");
        try (TestServer server =
                TestServer.tinySeeing(load -> load.slots(4).queue(100).imageLimits(LITTLE))) {
            Http http = new Http(server.uri());
            String alone = choices(post(http, request(image, "high")));
            List<Future<Http.Reply>> replies = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CROWD; i++) {
                    replies.add(clients.submit(() -> post(http, request(image, "high"))));
                }
            }
            int answered = 0;
            for (Future<Http.Reply> future : replies) {
                Http.Reply reply = future.get();
                if (reply.status() == 200) {
                    assertThat(choices(reply)).isEqualTo(alone);
                    answered++;
                } else {
                    assertThat(reply.status()).as(reply.body()).isEqualTo(429);
                    assertThat(reply.header("retry-after")).isNotEmpty();
                }
            }
            assertThat(answered).isPositive();
            nothingIsLeft(server);
        }
    }

    /** They leave while an image waits, is decoded, or is looked at; with four kinds of images. */
    @Test
    void aThousandThatLeaveLeaveNothingBehind() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<ObjectNode> doomed =
                List.of(
                        request(named(HostileImages.sound(), "palette"), "high"),
                        request(named(HostileImages.sound(), "two colours"), "high"),
                        request(HostileImages.progressive(640, 480), "low"),
                        request(named(HostileImages.unsound(), "half a PNG"), "high"));
        ObjectNode kept = request(named(HostileImages.sound(), "animated GIF"), "high");
        try (TestServer server =
                TestServer.tinySeeing(load -> load.slots(8).queue(2_000).imageLimits(LITTLE))) {
            Http http = new Http(server.uri());
            String calm = choices(post(http, kept));
            Semaphore sockets = new Semaphore(100);
            List<Future<String>> answers = new ArrayList<>();
            List<Future<?>> drops = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < DROPPED; i++) {
                    if (i % (DROPPED / KEPT) == 0) {
                        answers.add(clients.submit(() -> patiently(http, kept)));
                    }
                    SplittableRandom own = random.split();
                    drops.add(
                            clients.submit(() -> {
                                sockets.acquire();
                                try {
                                    ObjectNode body = doomed.get(own.nextInt(doomed.size()));
                                    DroppingClient.sendAndDrop(server.uri(), longer(body), own);
                                } finally {
                                    sockets.release();
                                }
                                return null;
                            }));
                }
            }
            for (Future<?> drop : drops) {
                drop.get();
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).as("seed %d", SEED).isEqualTo(calm);
            }
            nothingIsLeft(server);
        }
    }

    private static ObjectNode longer(ObjectNode body) {
        return body.deepCopy().put("max_tokens", 100);
    }

    /** Comes again when it is asked to, as clients do. */
    private static String patiently(Http http, ObjectNode body) throws Exception {
        Http.Reply reply = post(http, body);
        while (reply.status() == 429) {
            reply = post(http, body);
        }
        return choices(reply);
    }
}
