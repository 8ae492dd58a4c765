package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.cli.load.ScriptedServer;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class BenchServeCommandTest {
    @TempDir private Path directory;

    @Test
    void measuresAndTellsAsJson() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering((r, a) -> a.whole(r))) {
            CommandRun run =
                    bench(
                            "--url",
                            server.url() + "/v1/",
                            "--requests",
                            "12",
                            "--concurrency",
                            "3",
                            "--prompt-tokens",
                            "100",
                            "--answer-tokens",
                            "5",
                            "--shared-prefix",
                            "40",
                            "--json");

            assertThat(run.exit()).isZero();
            JsonNode figures = run.json().path("servers").path(0).path("figures");
            assertThat(run.json().path("schema_version").intValue()).isEqualTo(1);
            assertThat(run.json().path("servers").path(0).path("model").stringValue())
                    .isEqualTo("m1");
            assertThat(figures.path("succeeded").intValue()).isEqualTo(12);
            assertThat(figures.path("output_tokens").intValue()).isEqualTo(60);
            assertThat(figures.path("time_to_first_token_seconds").path("count").intValue())
                    .isEqualTo(12);
            assertThat(figures.path("finish_reasons").path("length").intValue()).isEqualTo(12);
            // The server counts seven tokens of format: prompts are 100 with them.
            assertThat(figures.path("prompt_tokens").intValue() / 12.0).isCloseTo(100, within(3.0));
            assertThat(server.answered())
                    .hasSize(12)
                    .allSatisfy(request -> {
                        assertThat(request.json().path("stream").booleanValue()).isTrue();
                        assertThat(
                                        request.json()
                                                .path("stream_options")
                                                .path("include_usage")
                                                .booleanValue())
                                .isTrue();
                        assertThat(request.json().has("ignore_eos")).isFalse();
                    });
        }
    }

    /** Both forms of /tokenize: the text's name differs, and each server knows only its own. */
    @Test
    void promptsHaveTheLengthThatTokenizeTells() throws Exception {
        for (String name : List.of("content", "prompt")) {
            try (ScriptedServer server =
                    ScriptedServer.of((request, answer) -> {
                        if (request.line().startsWith("POST /tokenize")) {
                            String text = request.json().path(name).stringValue("");
                            String ids = "1,".repeat(ScriptedServer.bareTokens(text));
                            answer.json(text.isEmpty() ? 400 : 200, "{\"tokens\":[" + ids + "1]}");
                        } else {
                            answer.whole(request);
                        }
                    })) {
                CommandRun run =
                        bench(
                                "--url",
                                server.url(),
                                "--model",
                                "m",
                                "--requests",
                                "5",
                                "--prompt-tokens",
                                "300",
                                "--answer-tokens",
                                "2",
                                "--json");

                assertThat(run.exit()).as(run.err()).isZero();
                JsonNode figures = run.json().path("servers").path(0).path("figures");
                assertThat(figures.path("prompt_tokens").intValue() / 5.0)
                        .isCloseTo(300, within(8.0));
                assertThat(server.requests().stream().filter(ScriptedServer.Request::isProbe))
                        .hasSizeLessThan(3);
            }
        }
    }

    @Test
    void tellsPeopleAndWritesAPage() throws Exception {
        Path page = directory.resolve("r.html");
        try (ScriptedServer server = ScriptedServer.answering((r, a) -> a.whole(r))) {
            CommandRun run =
                    bench(
                            "--url",
                            server.url(),
                            "--requests",
                            "4",
                            "--answer-tokens",
                            "3",
                            "--ignore-eos",
                            "--report",
                            page.toString());

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .contains(server.url(), "4 ok, 0 failed", "first token", "inter-token", "p99");
            assertThat(run.err())
                    .contains("warning: The 99th percentile of 4 requests is their maximum");
            assertThat(Files.readString(page)).contains("<svg", server.url());
            assertThat(server.answered()).allMatch(r -> r.json().path("ignore_eos").booleanValue());
        }
    }

    @Test
    void aFailedRequestIsToldAndIsExitOne() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedServer server =
                ScriptedServer.answering((request, answer) -> {
                    if (count.incrementAndGet() % 2 == 0) {
                        answer.json(429, "{\"error\":{\"message\":\"the queue is full\"}}");
                    } else {
                        answer.whole(request);
                    }
                })) {
            CommandRun run =
                    bench("--url", server.url(), "--requests", "6", "--concurrency", "1", "--json");

            assertThat(run.exit()).isEqualTo(1);
            JsonNode failure =
                    run.json().path("servers").path(0).path("figures").path("failures").path(0);
            assertThat(failure.path("kind").stringValue()).isEqualTo("http_429");
            assertThat(failure.path("count").intValue()).isEqualTo(3);
            assertThat(failure.path("example").stringValue()).isEqualTo("the queue is full");
            assertThat(run.err()).contains("3 of 6 requests failed");
        }
    }

    @Test
    void comparesByTurnsWithTheSameRequests() throws Exception {
        List<String> order = new ArrayList<>();
        try (ScriptedServer a =
                        ScriptedServer.answering((r, answer) -> record(order, "a", r, answer));
                ScriptedServer b =
                        ScriptedServer.answering((r, answer) -> record(order, "b", r, answer))) {
            CommandRun run =
                    bench(
                            "--url",
                            a.url(),
                            "--compare",
                            b.url(),
                            "--pairs",
                            "3",
                            "--requests",
                            "2",
                            "--concurrency",
                            "1",
                            "--json");

            assertThat(run.exit()).isZero();
            assertThat(order)
                    .containsExactly("a", "a", "b", "b", "b", "b", "a", "a", "a", "a", "b", "b");
            assertThat(run.json().path("ratios").path(0).path("pairs").size()).isEqualTo(3);
            List<String> sentToA = a.answered().stream().map(r -> r.body()).toList();
            assertThat(b.answered().stream().map(r -> r.body())).isEqualTo(sentToA);
            assertThat(sentToA).doesNotHaveDuplicates();
        }
    }

    private static synchronized void record(
            List<String> order,
            String name,
            ScriptedServer.Request request,
            ScriptedServer.Answer answer)
            throws Exception {
        order.add(name);
        answer.whole(request);
    }

    @Test
    void afterCtrlCWhatIsDoneIsTold() throws Exception {
        Interruption interruption = new Interruption();
        AtomicInteger count = new AtomicInteger();
        try (ScriptedServer server =
                ScriptedServer.answering((request, answer) -> {
                    if (count.incrementAndGet() == 3) {
                        interruption.raise();
                    }
                    answer.whole(request);
                })) {
            CommandRun run =
                    CommandRun.with()
                            .interruption(interruption)
                            .run(
                                    "bench",
                                    "serve",
                                    "--url",
                                    server.url(),
                                    "--concurrency",
                                    "1",
                                    "--duration",
                                    "1h");

            assertThat(run.exit()).isEqualTo(130);
            assertThat(run.out()).contains("2 ok, 0 failed");
            assertThat(run.err()).contains("The run was stopped before its end.");
        }
    }

    @Test
    void aServerThatIsNotThereIsExitSix() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        CommandRun run =
                CommandRun.with()
                        .variable("SCOUT4J_URL", "http://127.0.0.1:" + port)
                        .run("bench", "serve", "--json");

        assertThat(run.exit()).isEqualTo(6);
        assertThat(run.out()).isEmpty();
        assertThat(run.jsonError().path("code").stringValue()).isEqualTo("server_unreachable");
    }

    @Test
    void keysGoToTheirServerAlone() throws Exception {
        Path file = Files.writeString(directory.resolve("key"), "sk-abc\n");
        try (ScriptedServer closed =
                        ScriptedServer.of((r, a) -> {
                            if (r.head().contains("Authorization: Bearer sk-abc")) {
                                a.whole(r);
                            } else {
                                a.json(401, "{\"error\":{\"message\":\"no key\"}}");
                            }
                        });
                ScriptedServer other = ScriptedServer.answering((r, a) -> a.whole(r))) {
            CommandRun denied = bench("--url", closed.url(), "--model", "m");
            CommandRun allowed =
                    bench(
                            "--url",
                            closed.url(),
                            "--model",
                            "m",
                            "--api-key-file",
                            file.toString(),
                            "--compare",
                            other.url(),
                            "--requests",
                            "1",
                            "--pairs",
                            "1",
                            "--json");

            assertThat(denied.exit()).isEqualTo(7);
            assertThat(denied.err()).contains("status 401: no key", "--api-key-file");
            assertThat(allowed.exit()).isZero();
            assertThat(allowed.out() + allowed.err()).doesNotContain("sk-abc");
            assertThat(other.requests()).noneMatch(r -> r.head().contains("Authorization"));
        }
    }

    @Test
    void aServerThatKnowsNoSuchModelIsExitTwo() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.of(
                        (r, a) -> a.json(404, "{\"error\":{\"message\":\"no model x\"}}"))) {
            CommandRun run = bench("--url", server.url(), "--model", "x");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("status 404: no model x", "--model");
        }
    }

    private static CommandRun bench(String... flags) {
        List<String> line = new ArrayList<>(List.of("bench", "serve"));
        line.addAll(List.of(flags));
        return CommandRun.of(line.toArray(String[]::new));
    }
}
