package org.scout4j.server.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.ImageData.Detail;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;
import org.scout4j.server.Problem;
import org.scout4j.server.Problems;
import org.scout4j.server.ServerOptions;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(120)
class RequestImagesTest {
    private static final byte[] IMAGE = {'G', 'I', 'F', '8', '9', 'a', 1, 2, 3};
    private static final String INLINE =
            "data:image/gif;base64," + Base64.getEncoder().encodeToString(IMAGE);
    private static final HostResolver HERE = host -> List.of(InetAddress.ofLiteral("127.0.0.1"));

    @TempDir private static Path directory;

    private static ServerOptions.ImageRules rules(List<String> hosts) {
        return new ServerOptions.ImageRules(10, 100, 1_000, hosts);
    }

    private static RemoteImages remote(
            int port, HostResolver resolver, SSLContext tls, Duration time) {
        return new RemoteImages(
                rules(List.of(TlsHost.NAME + ":" + port)),
                new ImageDownload(resolver, address -> true, tls, 100),
                new RemoteImages.Limits(time, 16),
                report -> {});
    }

    private static RemoteImages remote(TlsHost host) {
        return remote(host.port(), HERE, host.trusting(), Duration.ofSeconds(60));
    }

    private static Conversation read(RequestImages images, String... urls) {
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        ArrayNode parts = messages.addObject().put("role", "user").putArray("content");
        parts.addObject().put("type", "text").put("text", "what?");
        for (String url : urls) {
            ObjectNode part = parts.addObject().put("type", "image_url");
            part.putObject("image_url").put("url", url).put("detail", "low");
        }
        return Conversation.of(ConversationReader.messages(messages, images));
    }

    private static Problem refusal(RemoteImages remote, String... urls) {
        RequestImages images = remote.ofRequest();
        List<InvalidRequest> failures = new ArrayList<>();
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> images.fetched(read(images, urls), true, new FakeExchange()))
                .satisfies(failures::add);
        return Problems.of(failures.getFirst());
    }

    @Test
    void imagesOfOtherHostsTakeTheirPlaces() throws Exception {
        try (TlsHost host =
                new TlsHost(
                        directory, (head, out) -> TlsHost.reply(out, "200 OK", List.of(), IMAGE))) {
            RequestImages images = remote(host).ofRequest();
            String url = "https://" + TlsHost.NAME + ":" + host.port() + "/a.gif";
            Conversation conversation = read(images, url, INLINE, url + "#again", url);
            assertThat(host.connections()).isZero();
            assertThat(images.count()).isEqualTo(4);
            Conversation fetched = images.fetched(conversation, true, new FakeExchange());
            assertThat(fetched.images())
                    .hasSize(4)
                    .allSatisfy(image -> assertThat(image.bytes()).isEqualTo(IMAGE))
                    .extracting(ImageData::detail)
                    .containsOnly(Detail.LOW);
            assertThat(fetched.messages().getFirst().parts().getFirst())
                    .isEqualTo(new Message.Part.Text("what?"));
            assertThat(host.connections()).as("one URL, one fetch").isEqualTo(1);
        }
    }

    @Test
    void whateverTheCauseTheProblemIsTheSame() throws Exception {
        Set<Problem> problems = new HashSet<>();
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        SSLContext tls = SSLContext.getDefault();
        Duration brief = Duration.ofMillis(1_500);
        problems.add(refusal(remote(closed, HERE, tls, brief), url(closed)));
        problems.add(
                refusal(
                        new RemoteImages(
                                rules(List.of(TlsHost.NAME + ":" + closed)),
                                new ImageDownload(HERE, PublicAddresses::has, tls, 100),
                                new RemoteImages.Limits(brief, 16),
                                report -> {}),
                        url(closed)));
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = mute.getLocalPort();
            problems.add(refusal(remote(port, HERE, tls, brief), url(port)));
        }
        List<TlsHost.Script> scripts =
                List.of(
                        (head, out) -> TlsHost.reply(out, "404 x", List.of(), IMAGE),
                        (head, out) -> TlsHost.reply(out, "302 x", List.of("Location: /b"), IMAGE),
                        (head, out) -> TlsHost.reply(out, "200 OK", List.of(), new byte[101]),
                        (head, out) ->
                                TlsHost.reply(
                                        out,
                                        "200 OK",
                                        List.of(),
                                        "root:x:0".getBytes(StandardCharsets.US_ASCII)),
                        (head, out) ->
                                out.write("nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        for (TlsHost.Script script : scripts) {
            try (TlsHost host = new TlsHost(directory, script)) {
                problems.add(refusal(remote(host), url(host.port())));
                SSLContext distrusting = SSLContext.getDefault();
                problems.add(
                        refusal(
                                remote(host.port(), HERE, distrusting, Duration.ofSeconds(60)),
                                url(host.port())));
            }
        }
        assertThat(problems).hasSize(1);
        Problem problem = problems.iterator().next();
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.code()).isEqualTo("invalid_image");
        assertThat(problem.param()).isEqualTo("messages[0].content[1].image_url.url");
        assertThat(problem.message()).doesNotContain(TlsHost.NAME, "127.0.0.1");
    }

    private static String url(int port) {
        return "https://" + TlsHost.NAME + ":" + port + "/secret.png?token=abc";
    }

    @Test
    void theFirstImageThatFailsIsNamed() throws Exception {
        try (TlsHost host =
                new TlsHost(
                        directory,
                        (head, out) ->
                                TlsHost.reply(
                                        out,
                                        head.startsWith("GET /bad") ? "404 x" : "200 OK",
                                        List.of(),
                                        IMAGE))) {
            String base = "https://" + TlsHost.NAME + ":" + host.port();
            Problem problem =
                    refusal(remote(host), base + "/a", INLINE, base + "/bad", base + "/b");
            assertThat(problem.param()).isEqualTo("messages[0].content[3].image_url.url");
        }
    }

    @Test
    void nothingIsFetchedForAModelThatReadsNoImages() throws Exception {
        try (TlsHost host =
                new TlsHost(
                        directory, (head, out) -> TlsHost.reply(out, "200 OK", List.of(), IMAGE))) {
            RequestImages images = remote(host).ofRequest();
            Conversation conversation = read(images, url(host.port()));
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> images.fetched(conversation, false, new FakeExchange()))
                    .satisfies(e -> assertThat(e.code()).contains("unsupported_parameter"));
            assertThat(host.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://images.example.org/a", "https://evil.example/a", "x", ""})
    void otherUrlsAreNotAllowed(String url) {
        for (List<String> hosts : List.of(List.<String>of(), List.of(TlsHost.NAME))) {
            RemoteImages remote = RemoteImages.of(rules(hosts), report -> {});
            Problem problem = refusal(remote, INLINE, url);
            assertThat(problem.code()).isEqualTo("image_url_not_allowed");
            assertThat(problem.param()).isEqualTo("messages[0].content[2].image_url.url");
        }
    }

    @Test
    void imagesAreCountedAndMeasured() {
        RemoteImages remote = RemoteImages.of(rules(List.of()), report -> {});
        String[] ten = Stream.generate(() -> INLINE).limit(10).toArray(String[]::new);
        assertThat(read(remote.ofRequest(), ten).images()).hasSize(10);
        String[] eleven = Stream.generate(() -> INLINE).limit(11).toArray(String[]::new);
        assertThat(refusal(remote, eleven).param())
                .isEqualTo("messages[0].content[11].image_url.url");
        String large = "data:image/gif;base64," + Base64.getEncoder().encodeToString(new byte[101]);
        assertThat(refusal(remote, large).code()).isEqualTo("invalid_image");
    }
}
