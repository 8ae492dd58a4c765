package org.scout4j.checkpoint;

/**
 * The validated numbers of a vision tower with its adapter and projector (spec "Model" §1, §3.3).
 *
 * @param imageSize side of a tile in pixels; a multiple of {@code patchSize}
 * @param patchSize side of a patch in pixels
 * @param hidden width of the tower
 * @param heads divides {@code hidden}; the size of a head is a multiple of 4
 * @param width inner width of the feed-forward
 * @param shuffle patches along each side of a square that becomes one token (2 = ratio 0.5);
 *     divides the grid
 * @param adapter width of the adapter, and of what the projector takes
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon added to the variance in every layer norm
 */
public record VisionShape(
        int imageSize,
        int patchSize,
        int hidden,
        int heads,
        int layers,
        int width,
        int shuffle,
        int adapter,
        float ropeTheta,
        float normEpsilon) {

    /** Patches along a side of a tile. */
    public int grid() {
        return imageSize / patchSize;
    }

    /** Patches of a tile. */
    public int patches() {
        return grid() * grid();
    }

    /** Numbers of a patch: channels times pixels. */
    public int patchValues() {
        return 3 * patchSize * patchSize;
    }

    public int headSize() {
        return hidden / heads;
    }

    /** Tokens that a tile becomes in the text model. */
    public int tokensPerTile() {
        return patches() / (shuffle * shuffle);
    }

    /** Width of a token after the pixel shuffle: what the adapter takes. */
    public int shuffledWidth() {
        return hidden * shuffle * shuffle;
    }
}
