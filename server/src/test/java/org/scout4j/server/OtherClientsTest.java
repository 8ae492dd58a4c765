package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Clients that are programs of their own: the official Python client, schemathesis and curl. The
 * interpreter to use is the system property {@code scout4j.python}; without one that has the client
 * the test is skipped, and CI installs it (.ci/clients).
 */
class OtherClientsTest {
    private static final Path SCRIPTS = Path.of("src", "test", "python");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.tiny(load -> load.context(256));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private record Run(int exit, String output) {}

    private static Run run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(output).isTrue();
        return new Run(process.exitValue(), output);
    }

    private static boolean works(String... command) {
        try {
            return run(List.of(command)).exit() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void officialPythonClient() throws Exception {
        String python = System.getProperty("scout4j.python", "python3");
        assumeTrue(works(python, "-c", "import openai"), python + " has no openai package");
        Run run =
                run(
                        List.of(
                                python,
                                SCRIPTS.resolve("openai_client.py").toString(),
                                server.uri().toString(),
                                Requests.MODEL));
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("6 checks passed");
    }

    @Test
    void officialPythonClientWithModelsAsAnswersAndTools() throws Exception {
        String python = System.getProperty("scout4j.python", "python3");
        assumeTrue(works(python, "-c", "import openai"), python + " has no openai package");
        try (TestServer nano = TestServer.nano(load -> load.context(2_048).slots(2))) {
            Run run =
                    run(
                            List.of(
                                    python,
                                    SCRIPTS.resolve("openai_forms.py").toString(),
                                    nano.uri().toString(),
                                    Requests.MODEL));
            assertThat(run.exit()).as(run.output()).isZero();
            assertThat(run.output()).contains("all passed");
        }
    }

    /**
     * Requests made from the server's own description, right and wrong ones. Two things it cannot
     * describe are left out: rules between fields and the model's own numbers, so that a request
     * which fits the description may still be refused; and endpoints that are declared absent
     * (501).
     */
    @Test
    void schemathesisFindsTheServerAsItDescribesItself() throws Exception {
        String python = System.getProperty("scout4j.python", "python3");
        assumeTrue(works(python, "-c", "import schemathesis"), python + " has no schemathesis");
        Run run =
                run(
                        List.of(
                                python,
                                "-m",
                                "schemathesis.cli",
                                "run",
                                server.uri().resolve("/openapi.json").toString(),
                                "--checks",
                                "all",
                                "--exclude-checks",
                                "positive_data_acceptance",
                                "--exclude-path-regex",
                                "/v1/(embeddings|responses|messages|moderations|audio/.*|images/.*)$",
                                "--max-examples",
                                "15",
                                "--seed",
                                "1",
                                "--no-color"));
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains(" passed").doesNotContain("failure");
    }

    @Test
    void curl() throws Exception {
        assumeTrue(works("curl", "--version"), "there is no curl");
        String body =
                "{\"model\":\""
                        + Requests.MODEL
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
                        + "\"max_tokens\":4,\"seed\":1,\"stream\":true}";
        Run run =
                run(
                        List.of(
                                "curl",
                                "-sSN",
                                server.uri().resolve("/v1/chat/completions").toString(),
                                "-H",
                                "Content-Type: application/json",
                                "-d",
                                body));
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).startsWith("data: {").endsWith("data: [DONE]\n\n");
    }
}
