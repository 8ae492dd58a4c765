package org.scout4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/** {@code scout4j version}: what runs, on which Java. */
@Command(
        name = "version",
        abbreviateSynopsis = true,
        description = "Prints the versions of scout4j and Java.")
final class VersionCommand implements Subcommand {
    private final Surroundings here;

    @Mixin private final OutputFlags output = new OutputFlags();

    VersionCommand(Surroundings here) {
        this.here = here;
    }

    /** For {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"scout4j " + version()};
        }
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        String jdk = Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
        if (output.json) {
            here.out()
                    .println(
                            JsonText.document(generator -> {
                                generator.writeStringProperty("version", version());
                                generator.writeStringProperty("jdk", jdk);
                            }));
            return ExitCodes.OK;
        }
        here.out().println("scout4j " + version());
        here.out().println("JDK " + jdk);
        return ExitCodes.OK;
    }

    /** As the build wrote it. */
    static String version() {
        try (InputStream in = VersionCommand.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IllegalStateException("the build left no version.txt");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException("version.txt cannot be read", e);
        }
    }
}
