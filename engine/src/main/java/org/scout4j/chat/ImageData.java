package org.scout4j.chat;

/**
 * An image of a message, as a file.
 *
 * @param bytes the encoded file (PNG, JPEG, WebP, GIF or BMP); not to be changed
 * @param detail how closely it is to be looked at
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes; messages are not compared
public record ImageData(byte[] bytes, Detail detail) {

    /** How many tiles an image may take. */
    public enum Detail {
        /** One tile. */
        LOW,
        /** As many as the model takes. */
        HIGH
    }

    public static ImageData of(byte[] bytes) {
        return new ImageData(bytes, Detail.HIGH);
    }
}
