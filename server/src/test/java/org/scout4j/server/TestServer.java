package org.scout4j.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.scout4j.LoadOptions;
import org.scout4j.Scout;
import org.scout4j.server.observe.ServerMetrics;
import org.scout4j.server.openai.OpenAiDialect;
import org.scout4j.server.openrouter.OpenRouterDialect;

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

    private final Scout scout;
    private final ScoutServer server;

    private TestServer(Scout scout, ScoutServer server) {
        this.scout = scout;
        this.server = server;
    }

    /** Serves the tiny model, loaded as the test wants it. */
    static TestServer tiny(Consumer<LoadOptions.Builder> loading) {
        ServerOptions options = ServerOptions.local(0, ServedModel.SCOUT_NAMES);
        ServedModel served = new ServedModel(options.modelNames(), Instant.EPOCH);
        Startup startup = new Startup();
        ServerMetrics metrics = new ServerMetrics(served, startup, List.of(), options.build());
        LoadOptions.Builder load =
                LoadOptions.builder().context(1_024).threads(2).observer(metrics);
        loading.accept(load);
        Scout scout = Scout.load(TINY, load.build());
        served.loaded(scout);
        ScoutServer server =
                ScoutServer.start(
                        options,
                        List.of(
                                new OpenAiDialect(served, options),
                                new OpenRouterDialect(served, options)),
                        served,
                        new ScoutServer.Extras(
                                startup, List.of(metrics.route()), List.of(metrics)));
        return new TestServer(scout, server);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    Scout scout() {
        return scout;
    }

    @Override
    public void close() {
        server.close();
        scout.close();
    }
}
