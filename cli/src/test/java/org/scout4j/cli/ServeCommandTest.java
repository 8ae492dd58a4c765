package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeCommandTest {
    private static HttpResponse<String> get(int port, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** A run of the command on a thread of its own. */
    private record Serving(
            Interruption interruption, CommandRun.Setup setup, CompletableFuture<CommandRun> run) {
        static Serving begin(String... flags) {
            Interruption interruption = new Interruption();
            CommandRun.Setup setup = CommandRun.with().interruption(interruption);
            String[] args = new String[flags.length + 3];
            args[0] = "serve";
            args[1] = "--port";
            args[2] = "0";
            System.arraycopy(flags, 0, args, 3, flags.length);
            return new Serving(
                    interruption, setup, CompletableFuture.supplyAsync(() -> setup.run(args)));
        }

        int portWhenReady() throws InterruptedException {
            while (!setup.said().contains("\nready in ")) {
                assertThat(run).as(setup.said()).isNotDone();
                Thread.sleep(20);
            }
            String where = "listening on http://127.0.0.1:";
            String after = setup.said().substring(setup.said().indexOf(where) + where.length());
            return Integer.parseInt(after.substring(0, after.indexOf(' ')));
        }

        CommandRun end() {
            interruption.raise();
            return run.join();
        }
    }

    @Test
    void servesUntilItIsToldToStop() throws Exception {
        Serving serving = Serving.begin("--ctx", "256", "--slots", "2");
        int port = serving.portWhenReady();

        assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
        assertThat(get(port, "/startupz").body()).contains("\"status\":\"started\"");
        assertThat(get(port, "/health").body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(get(port, "/metrics").body()).contains("scout4j_ready 1");
        assertThat(get(port, "/version").body()).contains(VersionCommand.version());

        CommandRun run = serving.end();
        assertThat(run.exit()).isEqualTo(143);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .containsPattern("ready in [0-9.]+ s · 2 slots × 256 tokens")
                .contains("stopping");
    }

    @Test
    void metricsNeedAKeyAsEverythingElse(@TempDir Path directory) throws Exception {
        Path keys = Files.writeString(directory.resolve("keys"), "# mine\n\nsecret-1\n");
        Serving serving = Serving.begin("--ctx", "256", "--api-key-file", keys.toString());
        int port = serving.portWhenReady();

        assertThat(get(port, "/metrics").statusCode()).isEqualTo(401);
        assertThat(get(port, "/metrics", "Authorization", "Bearer wrong").statusCode())
                .isEqualTo(401);
        assertThat(get(port, "/metrics", "Authorization", "Bearer secret-1").statusCode())
                .isEqualTo(200);
        assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
        assertThat(serving.end().err()).doesNotContain("secret-1");
    }

    @Test
    void aPortInUseIsSaidAtOnce() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CommandRun run =
                    CommandRun.of("serve", "--port", Integer.toString(taken.getLocalPort()));
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("the port is in use").contains("--port");
        }
    }

    @Test
    void listeningToEverybodyNeedsKeys() {
        CommandRun run = CommandRun.of("serve", "--host", "0.0.0.0", "--port", "0");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--api-key-file").contains("--insecure");
    }

    @Test
    void aModelThatCannotBeLoadedEndsTheServerWithItsExitCode(@TempDir Path directory)
            throws IOException {
        Path damaged = Files.writeString(directory.resolve("m.gguf"), "GGUF and nothing else");
        CommandRun run = CommandRun.of("serve", "--port", "0", "-m", damaged.toString());
        assertThat(run.exit()).isEqualTo(ExitCodes.VERIFICATION_FAILED);
    }

    @Test
    void wrongFlagsAreUsage(@TempDir Path directory) throws IOException {
        Path empty = Files.writeString(directory.resolve("keys"), "# none\n");
        assertThat(CommandRun.of("serve", "--api-key-file", empty.toString()).exit()).isEqualTo(2);
        assertThat(CommandRun.of("serve", "--account", "acc0").exit()).isEqualTo(2);
        assertThat(CommandRun.of("serve", "--port", "65536").exit()).isEqualTo(2);
        assertThat(CommandRun.of("serve", "--metrics-compat", "other").exit()).isEqualTo(2);
        assertThat(CommandRun.of("serve", "--body-limit", "12parsecs").exit()).isEqualTo(2);
        assertThat(CommandRun.of("serve", "--drain-timeout", "soon").exit()).isEqualTo(2);
        for (String flag : new String[] {"--queue-timeout", "--request-timeout"}) {
            for (String time : new String[] {"0s", "9999999h", "-5s", "5"}) {
                assertThat(CommandRun.of("serve", flag, time).exit())
                        .as(flag + " " + time)
                        .isEqualTo(2);
            }
        }
        assertThat(CommandRun.of("serve", "--connections-per-address", "0").exit()).isEqualTo(2);
        CommandRun variable = CommandRun.with().variable("SCOUT4J_SERVER_PORT", "x").run("serve");
        assertThat(variable.exit()).isEqualTo(2);
        assertThat(variable.err()).contains("SCOUT4J_SERVER_PORT");
    }
}
