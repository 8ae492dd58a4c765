package org.scout4j.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One request and its reply over Helidon. */
final class HttpExchange implements Exchange {
    /** Reads bodies; what follows every stream of events that has begun. */
    record Surroundings(JsonBody bodies, Consumer<ChunkedEvents> silence) {}

    private final String id;
    private final String tenant;
    private final Map<String, String> pathParameters;
    private final ServerRequest request;
    private final ServerResponse response;
    private final ClientConnection connection;
    private final Surroundings around;
    private @Nullable GenerationFacts facts;
    private @Nullable ChunkedEvents events;
    private int status;
    private boolean left;

    HttpExchange(
            String id,
            String tenant,
            Map<String, String> pathParameters,
            ServerRequest request,
            ServerResponse response,
            ClientConnection connection,
            Surroundings around) {
        this.id = id;
        this.tenant = tenant;
        this.pathParameters = pathParameters;
        this.request = request;
        this.response = response;
        this.connection = connection;
        this.around = around;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String tenant() {
        return tenant;
    }

    @Override
    public String pathParameter(String name) {
        return pathParameters.getOrDefault(name, "");
    }

    @Override
    public Optional<String> query(String name) {
        return request.query().first(name).asOptional();
    }

    @Override
    public Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    @Override
    public ObjectNode body() {
        requireJson();
        try {
            return around.bodies().read(request.content().inputStream());
        } catch (RequestException e) {
            throw new ProblemException(HttpProblems.of(e.status(), around.bodies().limit()));
        } catch (CloseConnectionException e) {
            throw new ClientGone();
        } catch (IOException | UncheckedIOException e) {
            throw new ClientGone();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ProblemException(
                    Problems.invalid(null, "invalid_body", "The body cannot be read."));
        }
    }

    private void requireJson() {
        Optional<String> type = header("content-type");
        // A page in a browser can send a body without a type to any address, but not without
        // Origin.
        boolean untypedButNotFromAPage = type.isEmpty() && header("origin").isEmpty();
        if (!untypedButNotFromAPage && !type.map(HttpExchange::json).orElse(false)) {
            throw new ProblemException(
                    Problems.unsupportedMediaType(
                            "The body has to be JSON: send Content-Type: application/json."));
        }
    }

    private static boolean json(String type) {
        int parameters = type.indexOf(';');
        String plain = parameters < 0 ? type : type.substring(0, parameters);
        return plain.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    @Override
    public void replyHeader(String name, String value) {
        response.header(HeaderNames.create(name), value);
    }

    @Override
    public void reply(int code, JsonNode body) {
        reply(code, "application/json", JsonMapper.shared().writeValueAsString(body));
    }

    @Override
    public void reply(int code, String contentType, String body) {
        status = code;
        if (facts != null) {
            tell(facts);
        }
        replyHeader("content-type", contentType);
        response.status(Status.create(code));
        send(body.getBytes(StandardCharsets.UTF_8));
    }

    private void send(byte[] bytes) {
        left = connection.input().gone();
        try {
            response.send(bytes);
        } catch (CloseConnectionException | UncheckedIOException e) {
            throw new ClientGone();
        }
    }

    private void tell(GenerationFacts told) {
        replyHeader("x-scout4j-prompt-tokens", Integer.toString(told.promptTokens()));
        replyHeader("x-scout4j-cached-tokens", Integer.toString(told.cachedTokens()));
        replyHeader("x-scout4j-queue-ms", Long.toString(told.queued().toMillis()));
        replyHeader(
                "x-scout4j-ttft-ms", Long.toString(told.queued().plus(told.prefill()).toMillis()));
        replyHeader(
                "server-timing",
                timing("queue", told.queued())
                        + ", "
                        + timing("prefill", told.prefill())
                        + ", "
                        + timing("decode", told.decode()));
    }

    private static String timing(String name, Duration took) {
        return name + ";dur=" + String.format(Locale.ROOT, "%.1f", took.toNanos() / 1e6);
    }

    @Override
    public EventStream events(String keepAlive) {
        status = 200;
        replyHeader("content-type", "text/event-stream; charset=utf-8");
        replyHeader("cache-control", "no-cache");
        replyHeader("x-accel-buffering", "no");
        response.status(Status.OK_200);
        ChunkedEvents begun =
                new ChunkedEvents(response.outputStream(), keepAlive, connection.input()::gone);
        events = begun;
        around.silence().accept(begun);
        return begun;
    }

    @Override
    public void whenClientGone(Runnable action) {
        connection.input().whenGone(action);
    }

    @Override
    public void finished(GenerationFacts told) {
        facts = told;
    }

    /** What the generation did, if it told. */
    Optional<GenerationFacts> facts() {
        return Optional.ofNullable(facts);
    }

    /** The status sent, 0 before that. */
    int status() {
        return status;
    }

    /** Whether the client had left before the reply was complete. */
    boolean left() {
        return left || (events != null && events.left());
    }

    /** The events, if the reply is a stream of them. */
    Optional<ChunkedEvents> stream() {
        return Optional.ofNullable(events);
    }
}
