package org.scout4j.engine;

import org.scout4j.model.Batch;
import org.scout4j.vision.FeatureCache;
import org.scout4j.vision.ImageTiles;

/**
 * Puts the features of images where the patch tokens of a batch stand: the tiles that a step
 * reaches are encoded before it is computed, and not earlier. So an image whose prefix is in the
 * cache costs nothing, and encoding is spread over the steps of a prompt as its rows are.
 */
public final class ImageStage {
    private final FeatureCache features;

    public ImageStage(FeatureCache features) {
        this.features = features;
    }

    /** Begins a batch that has no images yet. */
    public void begin() {
        features.begin();
    }

    /**
     * Looks at rows of a batch for patch tokens.
     *
     * @param owner with whom encoded tiles are shared
     * @param firstRow row of the batch that holds {@code firstPosition}; the others follow
     */
    public void add(
            Batch batch,
            PromptImages images,
            Object owner,
            int firstPosition,
            int lastPosition,
            int firstRow) {
        int patch = images.firstPatch(firstPosition);
        int end = images.firstPatch(lastPosition + 1);
        while (patch < end) {
            ImageTiles image = images.tiles(images.image(patch));
            int tileRow = features.firstRow(owner, image, images.tile(patch));
            int tileEnd = Math.min(end, patch - images.row(patch) + features.tokensPerTile());
            for (; patch < tileEnd; patch++) {
                int row = firstRow + images.position(patch) - firstPosition;
                batch.show(row, features.rows(), tileRow + images.row(patch));
            }
        }
    }

    /**
     * Encodes what the batch needs and is not there.
     *
     * @return how many tiles
     */
    public int encode() {
        return features.encode();
    }
}
