package org.scout4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.scout4j.cache.ImageSpan;
import org.scout4j.vision.ImageTiles;

/**
 * The images of a prompt. Its patch tokens, in order, stand for the rows of the images' tiles, in
 * order (spec "Model" §3.4).
 */
public final class PromptImages {
    /** Of a prompt that is text. */
    public static final PromptImages NONE = new PromptImages(List.of(), new int[0], 1, 0, () -> {});

    private final List<ImageTiles> images;

    /** Positions of the patch tokens. */
    private final int[] patches;

    private final int tokensPerTile;

    /** Of each image, the number of its first tile among those of all images. */
    private final int[] firstTiles;

    private final AtomicInteger users;
    private final Runnable whenUnused;
    private final Object identity = new Object();

    private PromptImages(
            List<ImageTiles> images,
            int[] patches,
            int tokensPerTile,
            int users,
            Runnable whenUnused) {
        this.images = List.copyOf(images);
        this.patches = patches;
        this.tokensPerTile = tokensPerTile;
        this.users = new AtomicInteger(users);
        this.whenUnused = whenUnused;
        this.firstTiles = new int[images.size() + 1];
        for (int i = 0; i < images.size(); i++) {
            firstTiles[i + 1] = firstTiles[i] + images.get(i).count();
        }
    }

    /**
     * Finds the places of images.
     *
     * @param prompt holds the tokens of all images
     * @param users generations that will end, each telling {@link #leave}
     * @param whenUnused runs when the last of them has
     * @throws IllegalArgumentException if the prompt has not one patch token for each row
     */
    public static PromptImages of(
            int[] prompt,
            int patchToken,
            List<ImageTiles> images,
            int tokensPerTile,
            int users,
            Runnable whenUnused) {
        int[] patches = new int[prompt.length];
        int count = 0;
        for (int position = 0; position < prompt.length; position++) {
            if (prompt[position] == patchToken) {
                patches[count++] = position;
            }
        }
        long rows = (long) tokensPerTile * images.stream().mapToInt(ImageTiles::count).sum();
        if (count != rows) {
            throw new IllegalArgumentException(count + " patch tokens for " + rows + " rows");
        }
        return new PromptImages(
                images, Arrays.copyOf(patches, count), tokensPerTile, users, whenUnused);
    }

    /** Whether the prompt is text alone. */
    public boolean isEmpty() {
        return images.isEmpty();
    }

    /** Where each image stands. */
    List<ImageSpan> spans() {
        List<ImageSpan> spans = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            int first = patches[firstTiles[i] * tokensPerTile];
            int last = patches[firstTiles[i + 1] * tokensPerTile - 1];
            spans.add(new ImageSpan(first, last + 1, images.get(i).key()));
        }
        return spans;
    }

    /** The number of the first patch token at or after a position; their count if there is none. */
    int firstPatch(int position) {
        int found = Arrays.binarySearch(patches, position);
        return found >= 0 ? found : -found - 1;
    }

    /** The position of a patch token. */
    int position(int patch) {
        return patches[patch];
    }

    /** The image that a patch token belongs to. */
    int image(int patch) {
        int found = Arrays.binarySearch(firstTiles, patch / tokensPerTile);
        return found >= 0 ? found : -found - 2;
    }

    ImageTiles tiles(int image) {
        return images.get(image);
    }

    /** The tile of its image that a patch token belongs to. */
    int tile(int patch) {
        return patch / tokensPerTile - firstTiles[image(patch)];
    }

    /** The row of its tile that a patch token stands for. */
    int row(int patch) {
        return patch % tokensPerTile;
    }

    /** Stands for this prompt alone where features are not shared. */
    Object identity() {
        return identity;
    }

    /** A generation needs the pixels no more. */
    public void leave() {
        if (!isEmpty() && users.decrementAndGet() == 0) {
            whenUnused.run();
        }
    }
}
