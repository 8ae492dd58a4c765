package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.scout4j.LoadOptions;
import org.scout4j.Scout;
import org.scout4j.engine.EngineStatus;
import org.scout4j.server.images.RemoteImages;
import org.scout4j.server.observe.ServerMetrics;
import org.scout4j.server.openai.OpenAiDialect;
import org.scout4j.server.openrouter.OpenRouterDialect;
import org.scout4j.server.workersai.WorkersAiDialect;

/** A server with both dialects and metrics, and a loaded model, on a free port of the loopback. */
final class TestServer implements AutoCloseable {
    /** The tiny model's {@code eos_token_id}. */
    static final List<Integer> TINY_STOP_TOKENS = List.of(302, 308, 309);

    /**
     * A random model of 8 layers and 320 tokens, with Llama 4's control tokens and attention chunks
     * of 16 positions. It answers nonsense, fast.
     */
    private static final Path TINY =
            Path.of("../engine/src/test/resources/golden/model/scout-tiny");

    /** A random model that sees: tiles of 84 pixels become 9 tokens each. */
    private static final Path TINY_SEEING =
            Path.of("../engine/src/test/resources/golden/model/scout-mm-tiny");

    private static final Path NANO = Path.of("../models/scout-nano");

    private final Scout scout;
    private final ScoutServer server;
    private final BlockingQueue<RequestReport> reports;

    private TestServer(Scout scout, ScoutServer server, BlockingQueue<RequestReport> reports) {
        this.scout = scout;
        this.server = server;
        this.reports = reports;
    }

    /** Serves the tiny model, loaded as the test wants it. */
    static TestServer tiny(Consumer<LoadOptions.Builder> loading) {
        return of(TINY, ServerOptions.HttpLimits.defaults(), loading);
    }

    /** Serves the tiny model that reads images, loaded as the test wants it. */
    static TestServer tinySeeing(Consumer<LoadOptions.Builder> loading) {
        return of(TINY_SEEING, ServerOptions.HttpLimits.defaults(), loading);
    }

    /** Serves the embedded model, which answers sense, loaded as the test wants it. */
    static TestServer nano(Consumer<LoadOptions.Builder> loading) {
        return of(NANO, ServerOptions.HttpLimits.defaults(), loading);
    }

    /** The same for clients with one of these keys, if there are any. */
    static TestServer nano(
            List<String> keys, boolean strictFields, Consumer<LoadOptions.Builder> loading) {
        ServerOptions.HttpLimits limits = ServerOptions.HttpLimits.defaults();
        return of(NANO, options(keys, strictFields, limits), loading);
    }

    /** The same with other limits. */
    static TestServer tiny(ServerOptions.HttpLimits limits, Consumer<LoadOptions.Builder> loading) {
        return of(TINY, limits, loading);
    }

    /** Where the tiny model's files are. */
    static Path tinyFiles() {
        return TINY;
    }

    /** The default limits but for these. */
    static ServerOptions.HttpLimits limits(Duration write, Duration queue, Duration request) {
        ServerOptions.HttpLimits usual = ServerOptions.HttpLimits.defaults();
        return new ServerOptions.HttpLimits(
                usual.bodyBytes(),
                usual.headerTimeout(),
                usual.bodyIdleTimeout(),
                usual.idleTimeout(),
                write,
                usual.keepAlive(),
                queue,
                request,
                usual.drainTimeout(),
                usual.connections(),
                usual.connectionsPerAddress());
    }

    /** Serves the model of a directory. */
    static TestServer of(
            Path files, ServerOptions.HttpLimits limits, Consumer<LoadOptions.Builder> loading) {
        return of(files, options(List.of(), false, limits), loading);
    }

    private static ServerOptions options(
            List<String> keys, boolean strictFields, ServerOptions.HttpLimits limits) {
        ServerOptions local = ServerOptions.local(0, ServedModel.SCOUT_NAMES);
        return new ServerOptions(
                local.host(),
                local.port(),
                local.modelNames(),
                keys,
                local.accounts(),
                local.corsOrigins(),
                strictFields,
                limits,
                local.metricsAliases(),
                local.build(),
                local.insecure(),
                local.images());
    }

    /** The embedded model, with images of other hosts. */
    static TestServer nano(RemoteImages images) {
        ServerOptions options = options(List.of(), false, ServerOptions.HttpLimits.defaults());
        return of(NANO, options, load -> {}, images);
    }

    private static TestServer of(
            Path files, ServerOptions options, Consumer<LoadOptions.Builder> loading) {
        return of(files, options, loading, RemoteImages.of(options.images(), report -> {}));
    }

    private static TestServer of(
            Path files,
            ServerOptions options,
            Consumer<LoadOptions.Builder> loading,
            RemoteImages images) {
        ServedModel served = new ServedModel(options.modelNames(), Instant.EPOCH);
        Startup startup = new Startup();
        ServerMetrics metrics = new ServerMetrics(served, startup, List.of(), options.build());
        LoadOptions.Builder load =
                LoadOptions.builder().context(1_024).threads(2).observer(metrics);
        loading.accept(load);
        Scout scout = Scout.load(files, load.build());
        served.loaded(scout);
        BlockingQueue<RequestReport> reports = new LinkedBlockingQueue<>();
        ScoutServer server =
                ScoutServer.start(
                        options,
                        List.of(
                                new OpenAiDialect(served, options, images),
                                new OpenRouterDialect(served, options, images),
                                new WorkersAiDialect(served, options),
                                OpenAiDialect.under(
                                        WorkersAiDialect.OPENAI_PREFIX, served, options, images)),
                        served,
                        new ScoutServer.Extras(
                                startup, List.of(metrics.route()), List.of(metrics, reports::add)));
        return new TestServer(scout, server, reports);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    int port() {
        return server.port();
    }

    Scout scout() {
        return scout;
    }

    /** How each request ended, in the order of their ends. */
    BlockingQueue<RequestReport> reports() {
        return reports;
    }

    /** The engine once {@code wanted} holds, or as it is when patience ends. */
    EngineStatus await(Predicate<EngineStatus> wanted) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        EngineStatus status = scout.status();
        while (!wanted.test(status) && System.nanoTime() < limit) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            status = scout.status();
        }
        assertThat(wanted.test(status)).as("engine: %s", status).isTrue();
        return status;
    }

    /** Waits until nothing runs, waits or holds pages. */
    void awaitIdle() {
        await(status -> status.running() + status.waiting() + status.usedPages() == 0);
    }

    @Override
    public void close() {
        server.close();
        scout.close();
    }
}
