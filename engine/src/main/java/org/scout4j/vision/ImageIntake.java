package org.scout4j.vision;

/** Makes tiles. */
public final class ImageIntake {
    public ImageIntake(int tileSize, ImageLimits limits) {}

    public RequestImages begin() {
        throw new UnsupportedOperationException();
    }
}
