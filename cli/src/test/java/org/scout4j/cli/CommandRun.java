package org.scout4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of the command inside the test's process.
 *
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int exit, String out, String err) {
    /** The checkout, seen from this module. */
    static final Path CHECKOUT = Path.of("..");

    static final Path GOLDEN = Path.of("../engine/src/test/resources/golden");
    static final Path NANO = CHECKOUT.resolve("models/scout-nano");

    /** Without terminal, input and environment. */
    static CommandRun of(String... args) {
        return new Setup().run(args);
    }

    static Setup with() {
        return new Setup();
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }

    JsonNode jsonError() {
        return JsonMapper.shared().readTree(err).path("error");
    }

    /** What surrounds the command; nothing unless said. */
    static final class Setup {
        private byte[] input = new byte[0];
        private final Map<String, String> environment = new HashMap<>();
        private Surroundings.Terminals terminals = Surroundings.Terminals.NONE;
        private Optional<Path> checkout = Optional.of(CHECKOUT);
        private Path directory = Path.of("");
        private Interruption interruption = new Interruption();
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        Setup input(String text) {
            input = text.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        Setup input(byte[] bytes) {
            input = bytes;
            return this;
        }

        Setup variable(String name, String value) {
            environment.put(name, value);
            return this;
        }

        Setup terminals(boolean in, boolean out, boolean err) {
            terminals = new Surroundings.Terminals(in, out, err);
            return this;
        }

        Setup checkout(Path path) {
            checkout = Optional.of(path);
            return this;
        }

        Setup noCheckout() {
            checkout = Optional.empty();
            return this;
        }

        Setup directory(Path path) {
            directory = path;
            return this;
        }

        Setup interruption(Interruption given) {
            interruption = given;
            return this;
        }

        Surroundings surroundings() {
            return surroundings(new ByteArrayInputStream(input));
        }

        private Surroundings surroundings(InputStream in) {
            return new Surroundings(
                    in,
                    new Output(out),
                    new Output(err),
                    terminals,
                    Map.copyOf(environment),
                    checkout,
                    directory,
                    interruption);
        }

        CommandRun run(String... args) {
            int exit = Main.run(args, surroundings());
            return new CommandRun(exit, printed(), said());
        }

        /** Standard output so far. */
        String printed() {
            return out.toString(StandardCharsets.UTF_8);
        }

        /** Standard error so far. */
        String said() {
            return err.toString(StandardCharsets.UTF_8);
        }
    }
}
