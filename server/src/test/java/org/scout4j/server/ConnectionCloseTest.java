package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that asks for the end of the connection gets it, behind the reply (RFC 9112 §9.6). */
@Timeout(60)
class ConnectionCloseTest {
    /** Well below the time that idle connections are kept. */
    private static final int PATIENCE_MILLIS = 20_000;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.nano(load -> load.context(256));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "close, false, 200",
        "close, true, 200",
        "'keep-alive, Close', false, 200",
        "close, nonsense, 400"
    })
    void theConnectionEndsAfterTheReply(String connection, String stream, int status)
            throws IOException {
        String body =
                "{\"model\":\"meta-llama/Llama-4-Scout-17B-16E\",\"max_tokens\":2,\"stream\":"
                        + (stream.equals("nonsense") ? "7" : stream)
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        String request =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nConnection: "
                        + connection
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        URI uri = server.uri();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String reply =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(reply).startsWith("HTTP/1.1 " + status + " ");
            assertThat(reply.contains("[DONE]")).isEqualTo(stream.equals("true"));
        }
    }
}
