package org.scout4j.server;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Endpoints that do what a test needs.
 *
 * @param running gets an item when a waiting handler has begun
 * @param outcomes gets how each waiting handler ended
 * @param release ends the waiting handlers
 */
record TestDialect(
        String prefix,
        BlockingQueue<String> running,
        BlockingQueue<String> outcomes,
        CountDownLatch release)
        implements Dialect {

    TestDialect(String prefix) {
        this(
                prefix,
                new LinkedBlockingQueue<>(),
                new LinkedBlockingQueue<>(),
                new CountDownLatch(1));
    }

    @Override
    public List<Route> routes() {
        return List.of(
                post("/echo", exchange -> exchange.reply(200, exchange.body())),
                new Route(
                        "GET",
                        prefix + "/things/{id}",
                        Route.Access.CHAT,
                        e -> e.reply(200, "text/plain", e.pathParameter("id"))),
                post("/wait", exchange -> wait(exchange, false)),
                post("/stream", exchange -> wait(exchange, true)),
                post("/flood", TestDialect::flood),
                post(
                        "/broken",
                        exchange -> {
                            throw new IllegalStateException("secret detail");
                        }),
                post("/count", TestDialect::count));
    }

    private Route post(String path, Route.Handler handler) {
        return new Route("POST", prefix + path, Route.Access.CHAT, handler);
    }

    private static void count(Exchange exchange) {
        int events = exchange.body().path("events").asInt();
        try (EventStream stream = exchange.events("ping")) {
            for (int i = 0; i < events; i++) {
                stream.send("{\"i\":" + i + "}");
            }
            stream.send("[DONE]");
        }
    }

    private static void flood(Exchange exchange) {
        String kilobyte = "x".repeat(1024);
        try (EventStream stream = exchange.events("ping")) {
            while (true) {
                stream.send(kilobyte);
            }
        }
    }

    /** Waits for the release or for the client to leave; says which. */
    private void wait(Exchange exchange, boolean streaming) {
        exchange.body();
        CountDownLatch gone = new CountDownLatch(1);
        exchange.whenClientGone(gone::countDown);
        running.add(exchange.id());
        if (streaming) {
            try (EventStream stream = exchange.events("ping")) {
                try {
                    stream.send("{\"begun\":true}");
                } catch (ClientGone left) {
                    outcomes.add("gone"); // it was faster than the first event
                    throw left;
                }
                outcomes.add(waited(gone));
                stream.send("[DONE]");
            }
            return;
        }
        String outcome = waited(gone);
        outcomes.add(outcome);
        exchange.reply(200, "text/plain", outcome);
    }

    private String waited(CountDownLatch gone) {
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (System.nanoTime() < deadline) {
                if (gone.await(2, TimeUnit.MILLISECONDS)) {
                    return "gone";
                }
                if (release.getCount() == 0) {
                    return "released";
                }
            }
            return "nothing";
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    @Override
    public JsonNode describe(Problem problem) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("dialect", prefix)
                .put("code", problem.code())
                .put("message", problem.message());
    }
}
