package org.scout4j.server.images;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.scout4j.server.EventStream;
import org.scout4j.server.Exchange;
import org.scout4j.server.GenerationFacts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client that does nothing but leave. */
final class FakeExchange implements Exchange {
    private final CountDownLatch watched = new CountDownLatch(1);
    private volatile @Nullable Runnable whenGone;

    /** The client leaves, once anybody minds. */
    void leave() throws InterruptedException {
        watched.await();
        Runnable action = whenGone;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public void whenClientGone(Runnable action) {
        whenGone = action;
        watched.countDown();
    }

    @Override
    public String id() {
        return "id";
    }

    @Override
    public String tenant() {
        return "";
    }

    @Override
    public String pathParameter() {
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
    public void replyHeader(String name, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reply(int status, JsonNode body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reply(int status, String contentType, String body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventStream events(String keepAlive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void finished(GenerationFacts facts) {
        throw new UnsupportedOperationException();
    }
}
