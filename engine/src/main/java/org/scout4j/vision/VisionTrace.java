package org.scout4j.vision;

import org.scout4j.backend.Tensor;

/** Hears of intermediate results, for comparisons with reference values. Rows are tile by tile. */
interface VisionTrace {
    VisionTrace NONE = new VisionTrace() {};

    /** Embedded patches, before their places are added; class tokens' rows are zero. */
    default void patches(Tensor embedded, int rows) {}

    /** The input of a layer; after the last, its output. */
    default void hidden(int layer, Tensor hidden, int rows) {}

    /** After the last norm. */
    default void postNorm(Tensor normed, int rows) {}

    /** What the projector takes. */
    default void features(Tensor features, int rows) {}
}
