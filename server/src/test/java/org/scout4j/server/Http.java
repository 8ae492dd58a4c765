package org.scout4j.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain HTTP client for tests: one request, the whole reply, read strictly. */
final class Http {
    static final JsonMapper JSON = new JsonMapper();

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final URI base;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();

    Http(URI base) {
        this.base = base;
    }

    /** A reply with its whole body. */
    record Reply(int status, String body, HttpResponse<byte[]> response) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The data of each event; the stream must consist of events and comments only. */
        List<String> events() {
            List<String> events = new ArrayList<>();
            for (String block : body.split("\n\n")) {
                for (String line : block.split("\n")) {
                    if (line.startsWith("data: ")) {
                        events.add(line.substring("data: ".length()));
                    } else if (!line.isEmpty() && !line.startsWith(":")) {
                        throw new AssertionError("not an event: " + line);
                    }
                }
            }
            return events;
        }

        /** The events as JSON, without the closing {@code [DONE]}, which must be there. */
        List<JsonNode> chunks() {
            List<String> events = events();
            if (events.isEmpty() || !events.getLast().equals("[DONE]")) {
                throw new AssertionError("the stream does not end with [DONE]: " + body);
            }
            return events.subList(0, events.size() - 1).stream().map(JSON::readTree).toList();
        }
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve(path)).GET());
    }

    Reply post(String path, String json) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Reply post(String path, JsonNode json) throws IOException, InterruptedException {
        return post(path, json.toString());
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                client.send(
                        request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), strictly(response.body()), response);
    }

    /** Malformed UTF-8 anywhere in a reply is a failure of the server. */
    private static String strictly(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }
}
