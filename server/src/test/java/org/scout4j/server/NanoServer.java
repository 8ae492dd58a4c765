package org.scout4j.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.scout4j.Scout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a {@link TestServer} of the embedded model, over real HTTP on loopback. */
final class NanoServer implements AutoCloseable {
    static final String MODEL = "meta-llama/Llama-4-Scout-17B-16E";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final TestServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private NanoServer(TestServer server) {
        this.server = server;
    }

    /** Serves whoever has one of the keys; all, if there are none. */
    static NanoServer of(int context, List<String> keys, boolean strict) {
        return new NanoServer(
                TestServer.nano(keys, strict, load -> load.context(context).slots(4)));
    }

    static NanoServer start() {
        return of(2_048, List.of(), false);
    }

    Scout scout() {
        return server.scout();
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
        server.close();
    }
}
