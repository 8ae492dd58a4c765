package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.server.images.LoopbackImages;

/** Images that a request names by URL, from the request to the answer (spec "Threats" §2). */
class RemoteImageRequestsTest {
    private static final Path GOLDEN = Path.of("../models/scout-nano/golden-image.png");

    @TempDir private static Path directory;

    private static String question(String url) {
        return "{\"model\":\"meta-llama/Llama-4-Scout-17B-16E\",\"temperature\":0,\"max_tokens\":8,"
                + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\""
                + url
                + "\"}},{\"type\":\"text\",\"text\":\"What color is the square?\"}]}]}";
    }

    @Test
    void anImageOfAnAllowedHostIsSeenAsOneThatIsSent() throws Exception {
        byte[] image = Files.readAllBytes(GOLDEN);
        String sent = "data:image/png;base64," + Base64.getEncoder().encodeToString(image);
        try (LoopbackImages host = new LoopbackImages(directory, image);
                TestServer server = TestServer.nano(host.fetching(false))) {
            Http http = new Http(server.uri());
            Http.Reply remote = http.post("/v1/chat/completions", question(host.url()));
            Http.Reply inline = http.post("/v1/chat/completions", question(sent));

            assertThat(remote.status()).as(remote.body()).isEqualTo(200);
            assertThat(content(remote)).isEqualTo(content(inline)).contains("orange");
            assertThat(host.connections()).isEqualTo(1);
        }
    }

    private static String content(Http.Reply reply) {
        return Http.JSON.readTree(reply.body()).at("/choices/0/message/content").stringValue();
    }

    /** Where the address is not public, an open port and a closed one look alike. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/api/v1/chat/completions",
                "/client/v4/accounts/me/ai/v1/chat/completions",
                "/v1/chat/completions/input_tokens"
            })
    void addressesThatAreNotPublicAreNotAsked(String path) throws Exception {
        try (LoopbackImages trap = new LoopbackImages(directory, Files.readAllBytes(GOLDEN));
                TestServer server = TestServer.nano(trap.fetching(true))) {
            Http http = new Http(server.uri());
            Http.Reply open = http.post(path, question(trap.url()));
            Http.Reply closed = http.post(path, question(trap.closedUrl()));

            assertThat(open.status()).isEqualTo(400);
            assertThat(open.body()).contains("could not be fetched").doesNotContain("127.0.0.1");
            assertThat(closed.body()).isEqualTo(open.body());
            assertThat(trap.connections()).isZero();
        }
    }

    /** The run endpoint takes images that come with the request only. */
    @Test
    void workersAiFetchesNothing() throws Exception {
        try (LoopbackImages trap = new LoopbackImages(directory, Files.readAllBytes(GOLDEN));
                TestServer server = TestServer.nano(trap.fetching(false))) {
            String run = "/client/v4/accounts/me/ai/run/@cf/meta/llama-4-scout-17b-16e-instruct";
            String image = "{\"prompt\":\"?\",\"image\":\"" + trap.url() + "\"}";
            Http http = new Http(server.uri());

            assertThat(http.post(run, image).status()).isEqualTo(400);
            assertThat(http.post(run, question(trap.url())).status()).isEqualTo(400);
            assertThat(trap.connections()).isZero();
        }
    }
}
