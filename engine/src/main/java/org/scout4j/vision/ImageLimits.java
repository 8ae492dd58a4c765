package org.scout4j.vision;

/**
 * What images may cost (spec "Reliability" L-11 to L-13). All but {@code tiles} are checked before
 * anything of that size is made.
 *
 * @param images most in one conversation
 * @param fileBytes most bytes of one encoded image
 * @param pixels most pixels of one image
 * @param side most pixels along one side
 * @param tiles most tiles of one canvas, the global tile apart; larger images are scaled down
 * @param memory most bytes of pixels that all requests hold at one time; more wait
 */
public record ImageLimits(
        int images, int fileBytes, long pixels, int side, int tiles, long memory) {
    public static final ImageLimits DEFAULT =
            new ImageLimits(10, 20 << 20, 36_000_000, 16_384, 16, 512L << 20);

    public ImageLimits {
        if (images < 0 || fileBytes < 1 || pixels < 1 || side < 1 || tiles < 1 || memory < 1) {
            throw new IllegalArgumentException("image limits below one");
        }
    }
}
