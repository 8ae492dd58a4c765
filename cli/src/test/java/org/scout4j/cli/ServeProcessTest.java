package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command as a process of its own, ended by SIGTERM while it works (spec "Reliability" P-8,
 * T-drain).
 */
class ServeProcessTest {
    private static final Path TINY =
            Path.of("../engine/src/test/resources/golden/model/scout-tiny");
    private static final int SIGTERM_STATUS = 143;
    private static final int CLIENTS = 12;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A serving process and where it listens. */
    private record Serving(Process process, URI address, BufferedReader talk)
            implements AutoCloseable {
        static Serving start(String... flags) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of(
                            "--add-modules=jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "org.scout4j.cli.Main",
                            "serve",
                            "-m",
                            TINY.toString(),
                            "--port",
                            "0"));
            command.addAll(List.of(flags));
            Process process = new ProcessBuilder(command).start();
            BufferedReader talk =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getErrorStream(), StandardCharsets.UTF_8));
            URI address = null;
            StringBuilder said = new StringBuilder();
            for (String line = talk.readLine(); line != null; line = talk.readLine()) {
                said.append(line).append('\n');
                int url = line.indexOf("http://");
                if (line.startsWith("listening on")) {
                    address = URI.create(line.substring(url).split(" ", 2)[0]);
                } else if (line.startsWith("ready in") && address != null) {
                    return new Serving(process, address, talk);
                }
            }
            throw new AssertionError("it did not become ready:\n" + said);
        }

        /** SIGTERM; {@link Process#destroy} would close the pipes too. */
        void terminate() {
            process.toHandle().destroy();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private CompletableFuture<HttpResponse<String>> ask(
            Serving serving, int tokens, boolean stream) {
        String body =
                "{\"model\":\"meta-llama/Llama-4-Scout-17B-16E\",\"prompt\":\"On and on\",\"seed\":1,"
                        + "\"logit_bias\":{\"302\":-100,\"308\":-100,\"309\":-100},\"max_tokens\":"
                        + tokens
                        + ",\"stream\":"
                        + stream
                        + "}";
        return client.sendAsync(
                HttpRequest.newBuilder(serving.address().resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofMinutes(2))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void awaitRunning(Serving serving) throws Exception {
        long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < limit) {
            String metrics =
                    client.send(
                                    HttpRequest.newBuilder(serving.address().resolve("/metrics"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            double busy =
                    metrics.lines()
                            .filter(line ->
                                    line.startsWith("scout4j_requests_running ")
                                            || line.startsWith("scout4j_requests_waiting "))
                            .mapToDouble(
                                    line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                            .sum();
            if (busy == CLIENTS) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the requests never ran");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sigtermUnderLoadLosesNoAdmittedRequest(boolean nobodyReadsItsTalk) throws Exception {
        try (Serving serving = Serving.start("--drain-timeout", "120s")) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                answers.add(ask(serving, 1_200, i % 2 == 0));
            }
            awaitRunning(serving);
            if (nobodyReadsItsTalk) {
                serving.talk().close();
            }
            serving.terminate();
            for (int i = 0; i < CLIENTS; i++) {
                HttpResponse<String> answer = answers.get(i).get(2, TimeUnit.MINUTES);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("\"finish_reason\":\"length\"");
                if (i % 2 == 0) {
                    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
                }
            }
            assertThat(serving.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(serving.process().exitValue()).isEqualTo(SIGTERM_STATUS);
        }
    }

    @Test
    void whatDoesNotFinishInTimeEndsWithAnError() throws Exception {
        try (Serving serving = Serving.start("--drain-timeout", "1s")) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                answers.add(ask(serving, 4_000, i % 2 == 0));
            }
            awaitRunning(serving);
            serving.terminate();
            for (int i = 0; i < CLIENTS; i++) {
                HttpResponse<String> answer = answers.get(i).get(2, TimeUnit.MINUTES);
                boolean whole = answer.body().contains("\"finish_reason\":\"length\"");
                if (i % 2 == 0) {
                    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
                    assertThat(whole || answer.body().contains("\"error\"")).isTrue();
                } else {
                    assertThat(answer.statusCode()).isIn(200, 503);
                    assertThat(whole || answer.body().contains("\"draining\"")).isTrue();
                }
            }
            assertThat(serving.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(serving.process().exitValue()).isEqualTo(SIGTERM_STATUS);
        }
    }

    @Test
    void aSecondSigtermWaitsForNobody() throws Exception {
        try (Serving serving = Serving.start("--drain-timeout", "600s")) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                answers.add(ask(serving, 4_000, i % 2 == 0));
            }
            awaitRunning(serving);
            serving.terminate();
            String line = serving.talk().readLine();
            while (line != null && !line.startsWith("stopping")) {
                line = serving.talk().readLine();
            }
            assertThat(serving.process().isAlive()).isTrue();
            serving.terminate();
            assertThat(serving.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(serving.process().exitValue()).isEqualTo(SIGTERM_STATUS);
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                answer.handle((reply, failure) -> reply).get(1, TimeUnit.MINUTES);
            }
            assertThat(answers).anyMatch(CompletableFuture::isCompletedExceptionally);
        }
    }

    @Test
    void itSaysNothingOfItsLibrariesNorOfClientsThatLeave() throws Exception {
        try (Serving serving = Serving.start("--drain-timeout", "5s")) {
            for (int i = 0; i < CLIENTS; i++) {
                URI at = serving.address();
                try (Socket socket = new Socket(at.getHost(), at.getPort())) {
                    socket.setSoLinger(true, i % 2 == 0 ? 0 : 1);
                    socket.getOutputStream()
                            .write(
                                    ("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                                                    + " application/json\r\nContent-Length: 999\r\n\r\n{")
                                            .getBytes(StandardCharsets.US_ASCII));
                }
            }
            assertThat(ask(serving, 5, true).get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(200);
            serving.terminate();
            List<String> said = serving.talk().lines().toList();
            assertThat(said)
                    .allMatch(line ->
                            line.contains(" /v1/completions ") || line.startsWith("stopping: "));
            assertThat(serving.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(serving.process().exitValue()).isEqualTo(SIGTERM_STATUS);
        }
    }
}
