package org.scout4j;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ImageLayout;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.RequestImages;

/**
 * What a request becomes before it is submitted. Closing it gives back the memory of its images.
 *
 * @param tokens the prompt
 * @param layouts of its images, in order
 * @param images what they show
 * @param held their memory; null without images
 */
@SuppressWarnings("ArrayRecordComponent") // a prompt may be millions of ids; it is not compared
record PreparedPrompt(
        int[] tokens,
        List<ImageLayout> layouts,
        List<ImageTiles> images,
        @Nullable RequestImages held)
        implements AutoCloseable {

    static PreparedPrompt ofText(int[] tokens) {
        return new PreparedPrompt(tokens, List.of(), List.of(), null);
    }

    /** Tokens that stand for images, those around the patches included. */
    int imageTokens() {
        return layouts.stream().mapToInt(ImageLayout::tokens).sum();
    }

    @Override
    public void close() {
        if (held != null) {
            held.close();
        }
    }
}
