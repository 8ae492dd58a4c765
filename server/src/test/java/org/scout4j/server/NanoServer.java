package org.scout4j.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.scout4j.LoadOptions;
import org.scout4j.Scout;
import org.scout4j.server.openai.OpenAiDialect;
import org.scout4j.server.openrouter.OpenRouterDialect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The embedded model behind both dialects, over real HTTP on loopback. */
final class NanoServer implements AutoCloseable {
    static final String MODEL = "meta-llama/Llama-4-Scout-17B-16E";
    private static final Path FILES = Path.of("..", "models", "scout-nano");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Scout scout;
    private final ScoutServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private NanoServer(Scout scout, ScoutServer server) {
        this.scout = scout;
        this.server = server;
    }

    static Scout load(int context) {
        return Scout.load(FILES, LoadOptions.builder().context(context).slots(4).build());
    }

    /** Serves a model, which it closes in the end. */
    static NanoServer of(Scout scout, List<String> keys, boolean strict) {
        ServerOptions local = ServerOptions.local(0, ServedModel.SCOUT_NAMES);
        ServerOptions options =
                new ServerOptions(
                        local.host(),
                        local.port(),
                        local.modelNames(),
                        keys,
                        local.corsOrigins(),
                        strict,
                        local.limits(),
                        local.metricsAliases(),
                        local.build(),
                        local.insecure());
        ServedModel model = new ServedModel(options.modelNames(), Instant.ofEpochSecond(1));
        model.loaded(scout);
        return new NanoServer(
                scout,
                ScoutServer.start(
                        options,
                        List.of(
                                new OpenAiDialect(model, options),
                                new OpenRouterDialect(model, options)),
                        model,
                        ScoutServer.Extras.none()));
    }

    static NanoServer start() {
        return of(load(2_048), List.of(), false);
    }

    Scout scout() {
        return scout;
    }

    int port() {
        return server.port();
    }

    /** Sends any request. */
    HttpResponse<String> send(
            String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, Map.of("Content-Type", "application/json"), body);
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, Map.of(), "");
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** The JSON of all events of a stream, without the {@code [DONE]} at its end. */
    static List<JsonNode> events(HttpResponse<String> response) {
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: ") && !line.equals("data: [DONE]"))
                .map(line -> JsonMapper.shared().readTree(line.substring("data: ".length())))
                .toList();
    }

    @Override
    public void close() {
        scout.close();
        server.close();
    }
}
