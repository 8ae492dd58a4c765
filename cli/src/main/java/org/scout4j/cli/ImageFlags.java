package org.scout4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ImageData;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Option;

/** Images that a command is given. */
final class ImageFlags {
    @Option(
            names = {"-i", "--image"},
            paramLabel = "FILE",
            description = "An image (PNG, JPEG, WebP, GIF, BMP); - is standard input. Repeatable.")
    List<Path> files = new ArrayList<>();

    @Option(
            names = "--detail",
            paramLabel = "HOW",
            description = "high: as many tiles as the model takes; low: one. Default: high.")
    ImageData.@Nullable Detail detail;

    boolean given() {
        return !files.isEmpty();
    }

    /** Whether an image is what standard input holds. */
    boolean takeStandardInput() {
        return names().contains("-");
    }

    private List<String> names() {
        return files.stream().map(Path::toString).toList();
    }

    /** How closely images are looked at. */
    ImageData.Detail detail() {
        return detail == null ? ImageData.Detail.HIGH : detail;
    }

    /**
     * Reads the files, in order, without looking into them.
     *
     * @throws InvalidRequest if one cannot be read, or two are standard input
     */
    List<NamedImage> read(Surroundings here) {
        List<String> names = names();
        if (names.stream().filter("-"::equals).count() > 1) {
            throw new InvalidRequest(
                    "image", "Standard input is named as two images.", "Give -i - once.");
        }
        return names.stream().map(name -> NamedImage.read(name, detail(), here)).toList();
    }

    /**
     * @throws InvalidRequest if something is said of images, and there are none
     */
    void requireImages() {
        if (detail != null && !given()) {
            throw new InvalidRequest(
                    "detail", "--detail is about images.", "Add -i FILE for each.");
        }
    }
}
