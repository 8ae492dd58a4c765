package org.scout4j.server;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every request passes: head limits, host, origin, route, key, admission; then its handler,
 * and whatever that throws as a reply. Deny by default: a handler runs only behind the key check
 * unless its route is public.
 */
final class Front {
    private static final System.Logger LOG = System.getLogger("org.scout4j.server");
    private static final int HEADERS = 100;
    private static final int HEADER_BYTES = 32 << 10;
    private static final int LINE_END = 4; // colon, space, CR, LF
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration PUNISHMENT = Duration.ofSeconds(1);
    private static final int CLIENT_LEFT = 499; // in the log only

    private final ServerOptions options;
    private final Routes routes;
    private final ApiKeys keys;
    private final FailedKeys failedKeys = new FailedKeys();
    private final HostNames hosts;
    private final CrossOrigin origins;
    private final InFlight inFlight;
    private final RequestIds ids = new RequestIds();
    private final RetrySpread retry = RetrySpread.random();
    private final HttpExchange.Surroundings around;
    private final List<RequestObserver> observers;

    Front(
            ServerOptions options,
            Routes routes,
            InFlight inFlight,
            HttpExchange.Surroundings around,
            List<RequestObserver> observers) {
        this.options = options;
        this.routes = routes;
        this.keys = new ApiKeys(options.keys(), options.accounts());
        this.hosts = new HostNames(options.host());
        this.origins = new CrossOrigin(options.corsOrigins());
        this.inFlight = inFlight;
        this.around = around;
        this.observers = List.copyOf(observers);
    }

    /** Handles one request from head to reply. */
    void handle(ServerRequest request, ServerResponse response) {
        Instant begun = Instant.now();
        long begunNanos = System.nanoTime();
        ClientConnection connection = ClientConnection.CURRENT.get();
        String id = ids.next();
        String path = request.path().rawPath();
        String method = request.prologue().method().text();
        response.header(HeaderNames.create("x-request-id"), id);
        response.header(HeaderNames.create("x-content-type-options"), "nosniff");
        origins.mark(request.headers(), response);
        Routes.Match match = routes.find(path);
        HttpExchange exchange =
                new HttpExchange(
                        id,
                        tenant(request, match).orElse(""),
                        match.parameters(),
                        request,
                        response,
                        connection,
                        around);
        Outcome outcome = new Outcome();
        try {
            answer(request, response, match, exchange, outcome);
        } catch (ClientGone gone) {
            outcome.gone = true;
        } catch (RuntimeException | Error failure) {
            fail(failure, exchange, path, outcome);
        } finally {
            exchange.stream().ifPresent(ChunkedEvents::close);
            boolean left = outcome.gone || exchange.left();
            connection.input().requestEnds(endsConnection(request.headers()));
            if (outcome.gone) {
                connection.close();
            }
            report(
                    new RequestReport(
                            id,
                            begun,
                            Duration.ofNanos(System.nanoTime() - begunNanos),
                            method,
                            match.route(method).map(Route::path),
                            routes.dialect(path).map(Dialect::prefix).orElse(""),
                            left ? CLIENT_LEFT : exchange.status(),
                            Optional.ofNullable(outcome.problem),
                            exchange.facts(),
                            exchange.header("traceparent")));
        }
        if (outcome.gone) {
            // Helidon would take a handler that returns without a reply for a broken one, and log
            // it.
            throw new CloseConnectionException("the client has left");
        }
    }

    private static final class Outcome {
        private boolean gone;
        private @Nullable Problem problem;
    }

    private void answer(
            ServerRequest request,
            ServerResponse response,
            Routes.Match match,
            HttpExchange exchange,
            Outcome outcome) {
        checkHead(request.headers());
        String method = request.prologue().method().text();
        if (method.equals("OPTIONS") && origins.preflight(request.headers(), response)) {
            exchange.reply(204, "text/plain", "");
            return;
        }
        Route route = route(match, method, exchange);
        if (route.access() != Route.Access.PUBLIC) {
            checkKey(request, exchange);
        }
        boolean work = route.access() == Route.Access.CHAT && method.equals("POST");
        if (!work) {
            run(route, exchange);
            return;
        }
        if (!inFlight.admit()) {
            throw new ProblemException(Problems.draining(RETRY));
        }
        try {
            run(route, exchange);
        } catch (ClientGone gone) {
            outcome.gone = true;
        } catch (RuntimeException | Error failure) {
            fail(failure, exchange, request.path().rawPath(), outcome);
        } finally {
            exchange.stream().ifPresent(ChunkedEvents::close);
            inFlight.ended();
        }
    }

    private static void run(Route route, HttpExchange exchange) {
        route.handler().handle(exchange);
        if (exchange.status() == 0) {
            throw new IllegalStateException(route.path() + " has not answered");
        }
    }

    private void checkHead(ServerRequestHeaders headers) {
        int count = 0;
        int bytes = 0;
        for (Header header : headers) {
            for (String value : header.allValues()) {
                count++;
                bytes += header.name().length() + value.length() + LINE_END;
            }
        }
        if (count > HEADERS || bytes > HEADER_BYTES) {
            throw new ProblemException(
                    HttpProblems.of(Status.create(431), options.limits().bodyBytes()));
        }
        if (keys.open() && !hosts.ours(headers.first(HeaderNames.HOST))) {
            throw new ProblemException(Problems.misdirected());
        }
    }

    private static Route route(Routes.Match match, String method, HttpExchange exchange) {
        if (match.byMethod().isEmpty()) {
            throw new ProblemException(Problems.notFound());
        }
        Optional<Route> route = match.route(method);
        if (route.isEmpty()) {
            exchange.replyHeader("allow", match.allowed());
            throw new ProblemException(Problems.methodNotAllowed(match.allowed()));
        }
        return route.get();
    }

    private Optional<String> tenant(ServerRequest request, Routes.Match match) {
        return keys.open()
                ? Optional.empty()
                : keys.tenant(
                        request.headers().first(HeaderNames.AUTHORIZATION),
                        Optional.ofNullable(match.parameters().get(Route.ACCOUNT)));
    }

    private void checkKey(ServerRequest request, HttpExchange exchange) {
        if (keys.open() || !exchange.tenant().isEmpty()) {
            return;
        }
        if (failedKeys.failed(request.remotePeer().host(), System.nanoTime())) {
            pause();
        }
        exchange.replyHeader("www-authenticate", "Bearer");
        throw new ProblemException(Problems.unauthorized());
    }

    /** A virtual thread waits; it holds nothing that another request needs. */
    private static void pause() {
        try {
            Thread.sleep(PUNISHMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Throwable failure, HttpExchange exchange, String path, Outcome outcome) {
        Problem problem = Problems.of(failure);
        outcome.problem = problem;
        if (problem.status() == 500) {
            LOG.log(System.Logger.Level.ERROR, "request " + exchange.id() + " failed", failure);
        }
        JsonNode body =
                routes.dialect(path)
                        .map(dialect -> dialect.describe(problem))
                        .orElseGet(() -> plain(problem));
        try {
            Optional<ChunkedEvents> stream = exchange.stream();
            if (stream.isPresent()) {
                stream.get().send(JsonMapper.shared().writeValueAsString(body));
                stream.get().send("[DONE]");
                return;
            }
            problem.retryAfter()
                    .ifPresent(time -> exchange.replyHeader("retry-after", retry.seconds(time)));
            exchange.reply(problem.status(), body);
        } catch (ClientGone gone) {
            outcome.gone = true;
        }
    }

    /** The form that most clients know, for a server without dialects. */
    static JsonNode plain(Problem problem) {
        return JsonMapper.shared()
                .createObjectNode()
                .set(
                        "error",
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("message", problem.message())
                                .put("type", problem.type())
                                .put("param", problem.param())
                                .put("code", problem.code()));
    }

    /** Whether the client wants the connection closed after this reply (RFC 9112 §9.6). */
    private static boolean endsConnection(ServerRequestHeaders headers) {
        if (!headers.contains(HeaderNames.CONNECTION)) {
            return false;
        }
        for (String value : headers.get(HeaderNames.CONNECTION).allValues()) {
            for (String option : value.split(",", -1)) {
                if (option.strip().equalsIgnoreCase("close")) {
                    return true;
                }
            }
        }
        return false;
    }

    private void report(RequestReport report) {
        for (RequestObserver observer : observers) {
            try {
                observer.ended(report);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "an observer failed", e);
            }
        }
    }
}
