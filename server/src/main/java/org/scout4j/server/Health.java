package org.scout4j.server;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.scout4j.LoadProgress;
import org.scout4j.Scout;
import org.scout4j.engine.EngineStatus;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints for whoever starts, watches and routes to the server; open to all. */
final class Health {
    private static final System.Logger LOG = System.getLogger("org.scout4j.server");
    private static final Duration STUCK = Duration.ofSeconds(60); // spec "Reliability" P-6

    private final ServedModel model;
    private final Startup startup;
    private final String build;
    private final Supplier<Optional<EngineStatus>> engine;
    private final LongSupplier nanoTime;
    private final SelfCheck selfCheck = SelfCheck.usual();
    private final AtomicBoolean dumped = new AtomicBoolean();

    Health(ServedModel model, Startup startup, String build) {
        this(model, startup, build, () -> model.loaded().map(Scout::status), System::nanoTime);
    }

    /** With an engine and a clock of the caller's. */
    Health(
            ServedModel model,
            Startup startup,
            String build,
            Supplier<Optional<EngineStatus>> engine,
            LongSupplier nanoTime) {
        this.model = model;
        this.startup = startup;
        this.build = build;
        this.engine = engine;
        this.nanoTime = nanoTime;
    }

    List<Route> routes() {
        return List.of(
                open("/livez", this::live),
                open("/readyz", this::ready),
                open("/startupz", this::started),
                open("/health", this::health),
                open("/ready", this::health),
                open("/version", exchange -> exchange.reply(200, node().put("version", build))));
    }

    private static Route open(String path, Route.Handler handler) {
        return new Route("GET", path, Route.Access.PUBLIC, handler);
    }

    private static ObjectNode node() {
        return JsonMapper.shared().createObjectNode();
    }

    private void live(Exchange exchange) {
        Optional<Duration> stuck = engine.get().flatMap(this::stuck);
        if (stuck.isEmpty()) {
            dumped.set(false);
            exchange.reply(200, node().put("status", "ok"));
            return;
        }
        if (dumped.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.ERROR, () -> "an engine step is stuck\n" + threads());
        }
        exchange.reply(
                503, node().put("status", "stuck").put("step_seconds", stuck.get().toSeconds()));
    }

    private Optional<Duration> stuck(EngineStatus status) {
        if (status.stepSince() == -1) {
            return Optional.empty();
        }
        Duration took = Duration.ofNanos(nanoTime.getAsLong() - status.stepSince());
        return took.compareTo(STUCK) > 0 ? Optional.of(took) : Optional.empty();
    }

    private static String threads() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            text.append(thread.getKey().getName())
                    .append(' ')
                    .append(thread.getKey().getState())
                    .append('\n');
            for (StackTraceElement frame : thread.getValue()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }

    private void ready(Exchange exchange) {
        if (!model.ready()) {
            unready(exchange, model.loaded().isEmpty() ? "loading" : "draining");
        } else if (!selfCheck.passes(model.scout())) {
            unready(exchange, "no tokens are made");
        } else {
            exchange.reply(200, node().put("status", "ready"));
        }
    }

    private static void unready(Exchange exchange, String why) {
        exchange.reply(503, node().put("status", "not ready").put("reason", why));
    }

    private void started(Exchange exchange) {
        LoadProgress progress = startup.progress();
        boolean done = model.loaded().isPresent();
        exchange.reply(
                done ? 200 : 503,
                node().put("status", done ? "started" : "loading")
                        .put(
                                "phase",
                                done ? "ready" : progress.phase().name().toLowerCase(Locale.ROOT))
                        .put("percent", done ? 100 : progress.percent()));
    }

    /** In the form of llama-server (spec "API" §6). */
    private void health(Exchange exchange) {
        if (model.ready()) {
            exchange.reply(200, node().put("status", "ok"));
            return;
        }
        ObjectNode error =
                node().put("code", 503)
                        .put(
                                "message",
                                model.loaded().isEmpty() ? "Loading model" : "Shutting down")
                        .put("type", "unavailable_error");
        ObjectNode body = node();
        body.set("error", error);
        exchange.reply(503, body);
    }
}
