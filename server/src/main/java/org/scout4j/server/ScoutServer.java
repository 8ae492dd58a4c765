package org.scout4j.server;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A listening server: HTTP/1.1, one virtual thread a connection. It listens before its model is
 * loaded and answers 503 until then.
 */
public final class ScoutServer implements AutoCloseable {
    private static final int REQUEST_LINE_BYTES = 8 << 10; // spec "Reliability" L-2
    private static final int HELIDON_HEADER_BYTES = 64 << 10; // ReadAhead and Front refuse earlier

    /** What the system keeps for a client that does not read; Linux takes twice as much. */
    private static final int SEND_BUFFER = 128 << 10;

    private static final Duration NEVER = Duration.ofDays(3650);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final WebServer http;
    private final InFlight inFlight;
    private final ServedModel model;
    private final OpenConnections connections;
    private final Watch watch;

    private ScoutServer(
            WebServer http,
            InFlight inFlight,
            ServedModel model,
            OpenConnections connections,
            Watch watch) {
        this.http = http;
        this.inFlight = inFlight;
        this.model = model;
        this.connections = connections;
        this.watch = watch;
    }

    /** What a server shows and tells beside its dialects. */
    public record Extras(Startup startup, List<Route> routes, List<RequestObserver> observers) {
        public static Extras none() {
            return new Extras(new Startup(), List.of(), List.of());
        }
    }

    /**
     * Starts to listen.
     *
     * @throws InvalidRequest if the address cannot be listened on, or may not without keys
     */
    public static ScoutServer start(
            ServerOptions options, List<Dialect> dialects, ServedModel model, Extras extras) {
        if (!HostNames.loopback(options.host())
                && options.keys().isEmpty()
                && !options.insecure()) {
            throw new InvalidRequest(
                    "host",
                    "The server would answer anybody who reaches " + options.host() + ".",
                    "Give it keys (--api-key-file), or say --insecure.");
        }
        List<Route> others = new ArrayList<>();
        others.addAll(new Health(model, extras.startup(), options.build()).routes());
        others.addAll(extras.routes());
        Routes routes = new Routes(dialects, others);
        InFlight inFlight = new InFlight();
        OpenConnections connections = new OpenConnections(options.limits().connectionsPerAddress());
        Watch watch = new Watch(options.limits(), connections);
        Front front =
                new Front(
                        options,
                        routes,
                        inFlight,
                        new HttpExchange.Surroundings(
                                new JsonBody(options.limits().bodyBytes()), watch::follow),
                        extras.observers());
        WebServer http = webServer(options, routes, front, connections);
        listen(http, options);
        watch.start();
        return new ScoutServer(http, inFlight, model, connections, watch);
    }

    private static WebServer webServer(
            ServerOptions options, Routes routes, Front front, OpenConnections connections) {
        Http1Config http1 =
                Http1Config.builder()
                        .maxPrologueLength(REQUEST_LINE_BYTES)
                        .maxHeadersSize(HELIDON_HEADER_BYTES)
                        .sendKeepAliveHeader(false)
                        .receiveLog(false)
                        .sendLog(false)
                        .addReceiveListener(new RequestBegins())
                        .build();
        return WebServer.builder()
                .bindAddress(address(options))
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new ReadAheadSelector(http1, options.limits(), connections))
                .connectionOptions(socket ->
                        socket.tcpNoDelay(true)
                                .socketKeepAlive(true)
                                .socketSendBufferSize(SEND_BUFFER))
                .maxTcpConnections(FileHandles.atMost(options.limits().connections()))
                .maxPayloadSize(options.limits().bodyBytes())
                .idleConnectionTimeout(NEVER) // ReadAhead knows better: long answers are not idle
                .directHandlers(directHandlers(routes, options.limits().bodyBytes()))
                .routing(HttpRouting.builder().any(front::handle))
                .build();
    }

    private static InetSocketAddress address(ServerOptions options) {
        InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
        if (address.isUnresolved()) {
            throw new InvalidRequest(
                    "host",
                    "There is no address for the host " + options.host() + ".",
                    "Name an address of this machine, e.g. 127.0.0.1.");
        }
        return address;
    }

    private static void listen(WebServer http, ServerOptions options) {
        try {
            // Helidon only logs that it cannot listen; so ask before.
            try (ServerSocketChannel probe = ServerSocketChannel.open()) {
                probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                probe.bind(address(options));
            }
        } catch (BindException e) {
            boolean taken = String.valueOf(e.getMessage()).contains("in use");
            throw cannotListen(options, taken ? "the port is in use" : "the address is not ours");
        } catch (IOException e) {
            throw cannotListen(options, "the system refuses it");
        }
        http.start();
        if (!http.isRunning()) {
            throw cannotListen(options, "the port is in use");
        }
    }

    private static InvalidRequest cannotListen(ServerOptions options, String why) {
        return new InvalidRequest(
                "port",
                "Cannot listen on " + options.host() + ":" + options.port() + ": " + why + ".",
                "Stop what uses it, or choose another with --host and --port.");
    }

    /** Replies for what never reaches a route, in the form of the path's dialect. */
    private static DirectHandlers directHandlers(Routes routes, long bodyLimit) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        RequestIds ids = new RequestIds();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(
                    type,
                    (request, event, status, headers, message) ->
                            reply(routes, bodyLimit, request, status, ids.next()));
        }
        return handlers.build();
    }

    private static DirectHandler.TransportResponse reply(
            Routes routes,
            long bodyLimit,
            DirectHandler.TransportRequest request,
            Status status,
            String id) {
        boolean encoded = request.headers().contains(HeaderNames.CONTENT_ENCODING);
        Problem problem =
                status.code() == 400 && encoded
                        ? Problems.unsupportedMediaType(
                                "Compressed bodies are not taken: leave Content-Encoding out.")
                        : HttpProblems.of(status, bodyLimit);
        JsonNode body =
                routes.dialect(request.path())
                        .map(dialect -> dialect.describe(problem))
                        .orElseGet(() -> Front.plain(problem));
        ServerResponseHeaders headers = ServerResponseHeaders.create();
        headers.set(HeaderNames.CONTENT_TYPE, "application/json");
        headers.set(HeaderNames.create("x-request-id"), id);
        headers.set(HeaderNames.create("x-content-type-options"), "nosniff");
        return DirectHandler.TransportResponse.builder()
                .status(Status.create(problem.status()))
                .headers(headers)
                .keepAlive(false)
                .entity(
                        JsonMapper.shared()
                                .writeValueAsString(body)
                                .getBytes(StandardCharsets.UTF_8))
                .build();
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /**
     * Takes no new work and waits for what runs.
     *
     * @return whether everything ended in time
     */
    public boolean drain(Duration longest) throws InterruptedException {
        model.drain();
        inFlight.drain();
        return inFlight.awaitNone(longest);
    }

    /**
     * Stops listening and closes all connections. Requests that still run get five seconds for
     * their last words: close the model first, so that they end with an error.
     */
    @Override
    public void close() {
        model.drain();
        inFlight.drain();
        try {
            inFlight.awaitNone(LAST_WORDS);
            connections.awaitReplies(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
        connections.each(ClientConnection::close);
        http.stop();
    }
}
