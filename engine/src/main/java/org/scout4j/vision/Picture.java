package org.scout4j.vision;

/**
 * A decoded image: 8-bit RGB, upright, opaque.
 *
 * @param rgb three bytes a pixel, row after row from the top left; length {@code 3 * width *
 *     height}
 */
@SuppressWarnings("ArrayRecordComponent") // millions of bytes; pictures are not compared
public record Picture(int width, int height, byte[] rgb) {
    public Picture {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    rgb.length + " bytes for " + width + " by " + height + " pixels");
        }
    }
}
