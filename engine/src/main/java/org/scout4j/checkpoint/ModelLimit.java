package org.scout4j.checkpoint;

/**
 * What a number in a model file may be. The upper ends lie far above every published model and far
 * below what would overflow or exhaust memory, so that a lying file is refused where it is read.
 */
public enum ModelLimit {
    // Experts times width times width, the largest tensor, must stay below 2^63.
    LAYERS(1, 4096),
    VOCABULARY(1, 1 << 20),
    /** Width of the residual stream, of a feed-forward, of all heads together. */
    WIDTH(1, 1 << 22),
    HEADS(1, 1 << 16),
    HEAD_SIZE(2, 1 << 14),
    EXPERTS(0, 1 << 14),
    EXPERTS_PER_TOKEN(0, 1 << 10),
    /** Matrices of one kind over all layers: layers times experts. */
    EXPERT_MATRICES(0, 1 << 20),
    /** Every how many layers something happens. */
    STEP(1, 4096),
    CONTEXT(1, 1L << 40),
    CHUNK(0, Integer.MAX_VALUE),
    TEMPERATURE_FLOOR(1, 1L << 40),
    /** A token id. */
    TOKEN(0, (1 << 20) - 1),
    /** Side of a tile in pixels. */
    IMAGE_SIDE(1, 1 << 14),
    /** Side of a patch in pixels. */
    PATCH_SIDE(1, 1 << 10),
    /** Patches along a side of what becomes one token. */
    SHUFFLE(1, 64),
    /** Patches of a tile; Scout's have 576. */
    PATCHES(1, 1 << 16),
    /** Elements that share a scale factor. */
    GROUP(1, 1 << 22),
    /** Tensors in all files of one model; Maverick in int4 has 40 thousand. */
    TENSORS(0, 1 << 18);

    private final long least;
    private final long most;

    ModelLimit(long least, long most) {
        this.least = least;
        this.most = most;
    }

    public long least() {
        return least;
    }

    public long most() {
        return most;
    }

    public boolean admits(long value) {
        return value >= least && value <= most;
    }

    /** For messages: {@code a whole number from 1 to 4096}. */
    public String description() {
        return "a whole number from " + least + " to " + most;
    }
}
