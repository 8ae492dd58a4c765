package org.scout4j.vision;

import java.io.IOException;

/**
 * An image file whose structure has been walked and whose pixels have not been made: it is known
 * how large they will be. Metadata is left behind; readers get the parts that make pixels.
 */
sealed interface ImageFile permits PngFile, JpegFile, GifFile, BmpFile, WebpFile {

    /** Its kind as texts name it. */
    String kind();

    /** As stored, in pixels. */
    int width();

    /** As stored, in pixels. */
    int height();

    /** How it is to be turned. */
    Orientation orientation();

    /** Most bytes that {@link #rgb} holds at one time, its result included, the file not. */
    long workBytes();

    /**
     * Makes the pixels.
     *
     * @param allowance what it may take
     * @return three bytes a pixel, as stored; alpha is put on white
     * @throws ImageRefused if the pixels are not all there
     * @throws IOException if a reader finds the file damaged, or the allowance is spent; so does
     *     any RuntimeException
     */
    byte[] rgb(Allowance allowance) throws ImageRefused, IOException;

    /** Most pixels that are read of this kind of file, whatever the limits allow. */
    default long mostPixels() {
        return Long.MAX_VALUE;
    }

    /** Pixels, at most those of the limits once {@link ImageDecoder} has looked. */
    default long pixels() {
        return (long) width() * height();
    }
}
