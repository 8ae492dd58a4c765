package org.scout4j.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * Where an image stands in a sequence: what its patch tokens mean depends on {@code key} too.
 *
 * @param from position of its first patch token
 * @param to position after its last one
 */
public record ImageSpan(int from, int to, ImageKey key) {
    public ImageSpan {
        if (from >= to) {
            throw new IllegalArgumentException("an image from " + from + " to " + to);
        }
    }

    /** The images that reach into a block, with positions counted from the block's first. */
    static List<ImageSpan> within(List<ImageSpan> images, int from, int count) {
        if (images.isEmpty()) {
            return images;
        }
        List<ImageSpan> within = new ArrayList<>();
        for (ImageSpan image : images) {
            if (image.from < from + count && from < image.to) {
                within.add(new ImageSpan(image.from - from, image.to - from, image.key));
            }
        }
        return within;
    }
}
