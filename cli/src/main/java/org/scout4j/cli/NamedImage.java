package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.ImageLayout;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.InvalidRequest;
import org.scout4j.vision.Canvas;
import org.scout4j.vision.ImageDecoder;
import org.scout4j.vision.ImageLimits;
import org.scout4j.vision.ImageRefused;
import org.scout4j.vision.Picture;

/**
 * An image that the user named.
 *
 * @param name as it was given
 */
record NamedImage(String name, ImageData data) {
    private static final String STANDARD_INPUT = "-";

    /**
     * Reads a file of at most {@link ImageData#MOST_FILE_BYTES}, without looking into it.
     *
     * @param name a file, or {@code -} for standard input
     * @throws InvalidRequest if it cannot be read
     */
    static NamedImage read(String name, ImageData.Detail detail, Surroundings here) {
        if (name.equals(STANDARD_INPUT)) {
            return ofStandardInput(detail, here);
        }
        try {
            Path file = here.directory().resolve(name);
            return new NamedImage(name, ImageData.ofFile(file, detail));
        } catch (InvalidPathException e) {
            throw new InvalidRequest("image", "The name of an image is none of a file.");
        }
    }

    private static NamedImage ofStandardInput(ImageData.Detail detail, Surroundings here) {
        if (here.terminals().in()) {
            throw new InvalidRequest(
                    "image",
                    "Standard input is a terminal; an image cannot be typed.",
                    "Pipe it in: -i - < FILE");
        }
        try {
            ImageData data = ImageData.ofStream(here.in(), "Standard input", detail);
            return new NamedImage("standard input", data);
        } catch (IOException e) {
            throw new InvalidRequest(
                    "image", "Standard input cannot be read: " + IoReason.of(e) + ".");
        }
    }

    /**
     * What it takes of the context of a model, by the image's own numbers: no weights are needed.
     *
     * @throws InvalidRequest if it cannot be decoded
     */
    ImageTokens tokens(VisionShape vision) {
        ImageLimits limits = ImageLimits.DEFAULT;
        Picture picture = decoded(limits);
        int most = data.detail().tiles(limits.tiles());
        Canvas canvas = Canvas.of(picture.width(), picture.height(), vision.imageSize(), most);
        return new ImageTokens(
                name,
                picture.width(),
                picture.height(),
                vision.imageSize(),
                new ImageLayout(canvas.rows(), canvas.columns(), vision.tokensPerTile()));
    }

    /**
     * A refusal as its reader knows the images: by their names, not by where they stand in a
     * request.
     */
    static InvalidRequest named(InvalidRequest refusal, List<NamedImage> images) {
        if (refusal.code().filter(InvalidRequest.INVALID_IMAGE::equals).isEmpty()) {
            return refusal;
        }
        try {
            images.forEach(image -> image.decoded(ImageLimits.DEFAULT));
        } catch (InvalidRequest named) {
            return named;
        }
        return refusal;
    }

    private Picture decoded(ImageLimits limits) {
        try {
            return new ImageDecoder(limits).decode(data.bytes());
        } catch (ImageRefused refused) {
            throw new InvalidRequest(
                    "image",
                    InvalidRequest.INVALID_IMAGE,
                    "The image " + name + " " + refused.problem() + ".",
                    refused.remedy());
        }
    }
}
