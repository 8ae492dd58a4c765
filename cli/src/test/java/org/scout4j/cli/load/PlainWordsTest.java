package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

class PlainWordsTest {
    /** OpenAI's form, vLLM's older one, FastAPI's, and a bare text. */
    @Test
    void errorsOfAllForms() {
        assertThat(ofJson("{\"error\":{\"message\":\"a\",\"code\":1}}")).isEqualTo("a");
        assertThat(ofJson("{\"object\":\"error\",\"message\":\"b\"}")).isEqualTo("b");
        assertThat(ofJson("{\"detail\":\"c\"}")).isEqualTo("c");
        assertThat(ofJson("{\"error\":\"d\"}")).isEqualTo("d");
        assertThat(ofJson("{\"x\":1}")).isEqualTo("{\"x\":1}");
        assertThat(PlainWords.ofErrorBody("<html>Bad Gateway</html>"))
                .isEqualTo("<html>Bad Gateway</html>");
    }

    @Test
    void nothingThatATerminalObeys() {
        assertThat(PlainWords.of("a\u001b]0;x\u0007b\u202Ec\u009Bd")).isEqualTo("a ]0;x b c d");
        assertThat(PlainWords.of("😀".repeat(500)).codePoints().count()).isEqualTo(200);
    }

    @Test
    void noNameOfAClass() {
        assertThat(PlainWords.ofFailure(new SSLHandshakeException("sun.security.Foo: x")))
                .contains("certificate")
                .doesNotContain("sun.");
        assertThat(PlainWords.ofFailure(new IOException())).isEqualTo("the connection broke");
        assertThat(PlainWords.ofFailure(new IllegalStateException("x.Y")))
                .isEqualTo("the connection broke");
    }

    @Test
    @Timeout(60)
    void aServerWithoutTls() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.of((r, a) -> a.raw("HTTP/1.1 400 no\r\n\r\n"))) {
            Target target =
                    Target.of(server.url().replace("http:", "https:"), Target.Api.CHAT, null);
            byte[] body = target.body("m", "x", 1, new LoadPlan.Sampling(0, false));
            OneRequest request = new OneRequest(target, body, 1, Duration.ofSeconds(5), 0);
            Outcome.Fault fault = Objects.requireNonNull(request.send(0, new Socket(), 0).fault());

            assertThat(fault.kind()).isIn(Outcome.Fault.CONNECTION, Outcome.Fault.TIMEOUT);
        }
    }

    private static String ofJson(String json) {
        return PlainWords.ofError(JsonMapper.shared().readTree(json));
    }
}
