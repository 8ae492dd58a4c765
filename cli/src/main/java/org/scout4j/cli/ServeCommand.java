package org.scout4j.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.scout4j.AnswerOptions;
import org.scout4j.CompletionRequest;
import org.scout4j.LoadOptions;
import org.scout4j.Scout;
import org.scout4j.server.Dialect;
import org.scout4j.server.RequestObserver;
import org.scout4j.server.ScoutServer;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.Startup;
import org.scout4j.server.images.RemoteImages;
import org.scout4j.server.observe.AccessLog;
import org.scout4j.server.observe.ServerMetrics;
import org.scout4j.server.observe.Tracing;
import org.scout4j.server.openai.OpenAiDialect;
import org.scout4j.server.openrouter.OpenRouterDialect;
import org.scout4j.server.workersai.WorkersAiDialect;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scout4j serve}: answers over HTTP until it is told to stop. */
@Command(
        name = "serve",
        abbreviateSynopsis = true,
        description = {
            "Answers over HTTP.",
            "",
            "Listens before the model is loaded, and answers 503 until it is. SIGTERM and Ctrl-C"
                    + " let running requests end first; a second one does not.",
        })
final class ServeCommand implements Subcommand {
    /** After the time to drain: for the last words of what was cut. */
    private static final Duration AFTER_DRAIN = Duration.ofSeconds(15);

    private final Surroundings here;

    @Option(
            names = "--alias",
            paramLabel = "NAME",
            description = "Another name that requests may call the model by; may be repeated.")
    private List<String> aliases = new ArrayList<>();

    @Option(
            names = "--log",
            paramLabel = "FORM",
            description = "One line a request on standard error: text or json. Default: text.")
    private AccessLog.Form log = AccessLog.Form.TEXT;

    @Mixin private final ModelOption model = new ModelOption();
    @Mixin private final ListenFlags listening = new ListenFlags();
    @Mixin private final EngineFlags engine = new EngineFlags();
    @Mixin private final LoadFlags loading = new LoadFlags();
    @Mixin private final OutputFlags output = new OutputFlags();

    ServeCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        ModelLookup found = model.find(here);
        ServerOptions options = listening.options(names(found), here);
        ServedModel served = new ServedModel(options.modelNames(), Instant.now());
        Startup startup = new Startup();
        ServerMetrics metrics =
                new ServerMetrics(served, startup, options.metricsAliases(), options.build());
        Optional<Tracing> tracing = Tracing.asked(here.environment(), options.build());
        List<RequestObserver> observers = new ArrayList<>(List.of(metrics, new AccessLog(log)));
        tracing.ifPresent(observers::add);
        ScoutServer.Extras extras =
                new ScoutServer.Extras(startup, List.of(metrics.route()), observers);
        RemoteImages images = RemoteImages.of(options.images(), metrics::fetched);
        CountDownLatch stop = new CountDownLatch(1);
        try (Interruption.Registration immediate =
                        here.interruption().onRaise(stop::countDown, Duration.ZERO);
                ScoutServer server =
                        ScoutServer.start(
                                options, dialects(options, served, images), served, extras)) {
            sayWhere(options, server.port());
            LoadOptions.Builder load = engine.addTo(loading.options(here)).observer(metrics);
            try (ModelLoading loaded = ModelLoading.load(found, load, startup::progressed, here)) {
                warmUp(loaded.scout());
                served.loaded(loaded.scout());
                sayReady(loaded, load.build().slots());
                serve(server, stop, options.limits().drainTimeout());
            }
        } finally {
            tracing.ifPresent(Tracing::close);
        }
        return ExitCodes.TERMINATED;
    }

    /** The dialects that the server speaks; add them here. */
    private static List<Dialect> dialects(
            ServerOptions options, ServedModel served, RemoteImages images) {
        return List.of(
                new OpenAiDialect(served, options, images),
                new OpenRouterDialect(served, options, images),
                new WorkersAiDialect(served, options),
                OpenAiDialect.under(WorkersAiDialect.OPENAI_PREFIX, served, options, images));
    }

    private List<String> names(ModelLookup found) {
        List<String> names = new ArrayList<>(aliases);
        names.addAll(ServedModel.SCOUT_NAMES);
        Path file = found.path().toAbsolutePath().normalize().getFileName();
        names.add(Objects.toString(file, "model"));
        return names.stream().distinct().toList();
    }

    private void serve(ScoutServer server, CountDownLatch stop, Duration drain) {
        try (Interruption.Registration graceful =
                here.interruption().onRaise(stop::countDown, drain.plus(AFTER_DRAIN))) {
            stop.await();
            say("stopping: no new requests; up to " + drain.toSeconds() + " s for those that run");
            if (!server.drain(drain)) {
                say("not all requests ended in time; the rest is cut");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever reads what we say may have been stopped before us: that cuts no request. */
    private void say(String line) {
        try {
            here.err().println(line);
            here.err().flush();
        } catch (OutputClosed nobodyReads) {
            // The requests that run are answered all the same.
        }
    }

    /** One token before anybody asks: what cannot make it is not served. */
    private static void warmUp(Scout scout) {
        AnswerOptions one = AnswerOptions.builder().maxTokens(1).build();
        scout.complete(CompletionRequest.of("1", one));
    }

    private void sayWhere(ServerOptions options, int port) {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        here.err()
                .println(
                        "listening on http://"
                                + host
                                + ":"
                                + port
                                + " (health /readyz · metrics /metrics)");
        if (options.insecure() && options.keys().isEmpty()) {
            here.err()
                    .println("warning: no keys are asked for; anybody who reaches it is answered");
        }
        here.err().flush();
    }

    private void sayReady(ModelLoading loaded, int slots) {
        Scout scout = loaded.scout();
        here.err()
                .println(
                        String.format(
                                Locale.ROOT,
                                "ready in %.1f s · %d slots × %d tokens",
                                loaded.took().toMillis() / 1000.0,
                                slots,
                                scout.contextLength()));
        here.err().flush();
    }
}
