package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies made to hurt (spec "Reliability" F-23, L-6): refused, and the next one is answered. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileBodyTest {
    private static final String PLAIN =
            "\"model\":\"" + Requests.MODEL + "\",\"prompt\":\"Hello\",\"max_tokens\":2";
    private static final String TEXT = "/v1/completions";
    private static final String RUN =
            "/client/v4/accounts/a/ai/run/@cf/meta/llama-4-scout-17b-16e-instruct";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.tiny(load -> {});
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] with(String field) {
        return ("{" + PLAIN + "," + field + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static RawClient.Reply post(byte[] body) {
        return post(TEXT, body);
    }

    private static RawClient.Reply post(String path, byte[] body) {
        String head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        try (RawClient client = RawClient.to(server.port())) {
            return client.send(join(head.getBytes(StandardCharsets.US_ASCII), body)).reply();
        }
    }

    private static String members(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"m" + i + "\":0")
                .collect(Collectors.joining(","));
    }

    @Test
    void areRefusedAndTheNextIsAnswered() {
        areRefusedAndTheNextIsAnswered(TEXT, "{\"error\":{");
    }

    @Test
    void areRefusedByWorkersAiToo() {
        areRefusedAndTheNextIsAnswered(RUN, "{\"result\":{},\"success\":false,");
    }

    private static void areRefusedAndTheNextIsAnswered(String path, String form) {
        byte[] whole = ("{" + PLAIN + "}").getBytes(StandardCharsets.UTF_8);
        List<byte[]> hostile = hostile();
        for (int i = 0; i < hostile.size(); i++) {
            RawClient.Reply reply = post(path, hostile.get(i));
            assertThat(reply.status()).as("body %d: %s", i, reply.body()).isBetween(400, 499);
            assertThat(reply.body())
                    .as("body %d", i)
                    .startsWith(form)
                    .doesNotContain("Exception", "jackson", "org.scout4j");
            assertThat(reply.body().length()).as("body %d", i).isLessThan(1_000);
            assertThat(post(path, whole).status()).as("after body %d", i).isEqualTo(200);
        }
    }

    private static List<byte[]> hostile() {
        String whole = "{" + PLAIN + "}";
        return List.of(
                with("\"x\":" + "[".repeat(100_000) + "]".repeat(100_000)),
                with("\"x\":" + "{\"a\":".repeat(65) + "1" + "}".repeat(65)),
                with("\"x\":" + "[".repeat(1_000_000)),
                with("\"x\":" + "9".repeat(100_000)),
                with("\"x\":1e" + "9".repeat(100)),
                with("\"temperature\":1e400"),
                with("\"temperature\":-1e400"),
                with("\"seed\":9223372036854775808"),
                with("\"n\":1e30"),
                with("\"n\":-0"),
                with("\"top_k\":1e999999999"),
                with("\"" + "n".repeat(100_000) + "\":1"),
                with("\"max_tokens\":3"),
                with("\"x\":{\"a\":1,\"a\":2}"),
                with("\"x\":" + "[0,".repeat(10) + "0"),
                with("\"x\":\"\n\""),
                with("\"x\":\"\\x\""),
                with("\"x\":\"\\ud8\""),
                with("\"x\":NaN"),
                with("\"x\":01"),
                with("\"x\":+1"),
                with("\"x\":'a'"),
                with("\"x\":1,"),
                with("/* */\"x\":1"),
                (whole + whole).getBytes(StandardCharsets.UTF_8),
                (whole + "x").getBytes(StandardCharsets.UTF_8),
                ("[" + whole + "]").getBytes(StandardCharsets.UTF_8),
                "\"text\"".getBytes(StandardCharsets.UTF_8),
                "null".getBytes(StandardCharsets.UTF_8),
                " ".getBytes(StandardCharsets.UTF_8),
                join(whole.getBytes(StandardCharsets.UTF_8), bytes(0)),
                join(bytes(0), whole.getBytes(StandardCharsets.UTF_8)),
                join(bytes(0xff, 0xfe), whole.getBytes(StandardCharsets.UTF_16LE)),
                whole.getBytes(StandardCharsets.UTF_16BE),
                join(with("\"x\":1"), bytes(0xc0, 0x80)),
                bytes('{', '"', 0xed, 0xa0, 0x80, '"', ':', '1', '}'),
                bytes('{', '"', 0xff, '"', ':', '1', '}'),
                bytes(0x1f, 0x8b, 8, 0, 0, 0, 0, 0));
    }

    @Test
    void oddButHarmlessOnesAreAnswered() {
        for (byte[] body :
                List.of(
                        with(members(50_000)),
                        with("\"x\":" + "[".repeat(60) + "]".repeat(60)),
                        with("\"user\":\"\\ud800\""),
                        with("\"seed\":-0"),
                        with("\"temperature\":-0.0"),
                        with("\"x\":\"\\u0000\""),
                        with("\"seed\":9223372036854775807"))) {
            RawClient.Reply reply = post(body);
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        }
    }

    @Test
    void aLoneSurrogateInAPromptDoesNoHarm() {
        String body = "{" + PLAIN.replace("Hello", "a\\ud800b\\udc00") + ",\"echo\":true}";
        RawClient.Reply reply = post(body.getBytes(StandardCharsets.UTF_8));
        assertThat(reply.status()).as(reply.body()).isIn(200, 400);
    }
}
