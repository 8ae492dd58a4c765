package org.scout4j.checkpoint;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the golden models lie: read only, mapped where they are. */
public final class GoldenFiles {
    private GoldenFiles() {}

    /** A file or folder below {@code golden}, e.g. {@code model/scout-tiny}. */
    public static Path golden(String relative) {
        URL root = Objects.requireNonNull(GoldenFiles.class.getResource("/golden/README.md"));
        try {
            return Objects.requireNonNull(Path.of(root.toURI()).getParent()).resolve(relative);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folder of the embedded model, found from the module's folder or the repository's. */
    public static Path scoutNano() {
        Path fromModule = Path.of("..", "models", "scout-nano");
        return Files.isDirectory(fromModule) ? fromModule : Path.of("models", "scout-nano");
    }
}
