package org.scout4j.vision;

/** The images of one request. */
public interface RequestImages extends AutoCloseable {
    ImageTiles read(byte[] file, int mostTiles) throws ImageRefused;

    @Override
    void close();
}
