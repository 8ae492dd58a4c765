package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.Scout;
import org.scout4j.chat.ImageData;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.InvalidRequest;

/** The images that go with the next question of an interactive chat. */
final class AttachedImages {
    private final Scout scout;
    private final ImageData.Detail detail;
    private final Surroundings here;
    private final List<NamedImage> images = new ArrayList<>();
    private int tokens;

    /**
     * @param detail how closely they are looked at
     */
    AttachedImages(Scout scout, ImageData.Detail detail, Surroundings here) {
        this.scout = scout;
        this.detail = detail;
        this.here = here;
    }

    /**
     * Reads a file, and says what it takes of the context.
     *
     * @throws InvalidRequest if the model reads text only, or the file is no image
     */
    void add(String name) {
        vision();
        add(NamedImage.read(new TypedPath(name, here).path(), detail, here));
    }

    /** As {@link #add(String)}, of an image that has been read. */
    void add(NamedImage image) {
        ImageTokens cost = image.tokens(vision());
        images.add(image);
        tokens += cost.layout().tokens();
        here.err().println(cost.line());
        if (images.size() > 1) {
            here.err().println(images.size() + " images, " + tokens + " tokens");
        }
        here.err().flush();
    }

    private VisionShape vision() {
        return scout.shape()
                .vision()
                .orElseThrow(() ->
                        new InvalidRequest(
                                "image",
                                InvalidRequest.UNSUPPORTED,
                                scout.name() + " reads text only.",
                                "Load a model with its vision part (for GGUF, the mmproj file"
                                        + " beside it)."));
    }

    /** Attaches none any more. */
    void clear() {
        images.clear();
        tokens = 0;
    }

    /** In the order in which they were attached. */
    List<NamedImage> all() {
        return List.copyOf(images);
    }
}
