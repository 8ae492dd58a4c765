package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A weight that is no number: whose prompt meets it fails, nobody else (spec "Reliability" P-12).
 */
class DamagedWeightsTest {
    private static final int BAD_TOKEN = 250;
    private static final int HIDDEN = 64;

    @TempDir private Path files;

    /** The tiny model with NaN in the embedding of one token. */
    private void damage() throws IOException {
        try (Stream<Path> all = Files.list(TestServer.tinyFiles())) {
            for (Path file : all.toList()) {
                Files.copy(file, files.resolve(file.getFileName()));
            }
        }
        Path weights = files.resolve("model.safetensors");
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        byte[] json = new byte[header];
        bytes.get(Long.BYTES, json);
        JsonNode embedding = Http.JSON.readTree(json).get("model.embed_tokens.weight");
        assertThat(embedding.get("dtype").asString()).isEqualTo("F32");
        int begin = embedding.at("/data_offsets/0").asInt();
        int at = Long.BYTES + header + begin + BAD_TOKEN * HIDDEN * Float.BYTES;
        bytes.putFloat(at, Float.NaN);
        Files.write(weights, bytes.array());
    }

    private static ObjectNode request(int... prompt) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", Requests.MODEL).put("max_tokens", 40).put("seed", 3).put("logprobs", 2);
        ArrayNode ids = body.putArray("prompt");
        for (int id : prompt) {
            ids.add(id);
        }
        // Not to be chosen: it would be met in the answer then.
        body.putObject("logit_bias").put(Integer.toString(BAD_TOKEN), -100);
        return body;
    }

    private static String choices(Http.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("choices").toString();
    }

    @Test
    void failsThoseThatMeetItAndNobodyElse() throws Exception {
        damage();
        try (TestServer server =
                TestServer.of(
                        files,
                        ServerOptions.HttpLimits.defaults(),
                        load -> load.slots(8).stepTokens(32))) {
            Http http = new Http(server.uri());
            String healthy = choices(http.post("/v1/completions", request(5, 6, 7)));
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int round = 0; round < 5; round++) {
                    Future<Http.Reply> good =
                            clients.submit(() -> http.post("/v1/completions", request(5, 6, 7)));
                    Future<Http.Reply> bad =
                            clients.submit(() ->
                                    http.post("/v1/completions", request(5, 6, 7, BAD_TOKEN, 8)));
                    Future<Http.Reply> badStream =
                            clients.submit(() ->
                                    http.post(
                                            "/v1/completions",
                                            request(5, BAD_TOKEN).put("stream", true)));
                    assertThat(choices(good.get())).as("round %d", round).isEqualTo(healthy);
                    assertThat(bad.get().status()).isEqualTo(500);
                    JsonNode error = bad.get().json().get("error");
                    assertThat(error.get("code").asString()).isEqualTo("non_finite_logits");
                    assertThat(error.get("message").asString())
                            .doesNotContain("Exception", "org.", files.toString());
                    List<JsonNode> chunks = badStream.get().chunks();
                    assertThat(chunks.getLast().at("/error/code").asString())
                            .isEqualTo("non_finite_logits");
                }
            }
            server.awaitIdle();
            assertThat(choices(http.post("/v1/completions", request(5, 6, 7)))).isEqualTo(healthy);
            assertThat(http.get("/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void aPrefixThatFailedIsNotKept() throws Exception {
        damage();
        try (TestServer server =
                TestServer.of(files, ServerOptions.HttpLimits.defaults(), load -> {})) {
            Http http = new Http(server.uri());
            int[] prompt = new int[100];
            for (int i = 0; i < prompt.length; i++) {
                prompt[i] = 1 + i;
            }
            String healthy = choices(http.post("/v1/completions", request(prompt)));
            int[] broken = prompt.clone();
            broken[70] = BAD_TOKEN;
            for (int i = 0; i < 3; i++) {
                assertThat(http.post("/v1/completions", request(broken)).status()).isEqualTo(500);
                assertThat(choices(http.post("/v1/completions", request(prompt))))
                        .isEqualTo(healthy);
            }
        }
    }
}
