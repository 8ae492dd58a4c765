package org.scout4j.chat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.scout4j.error.InvalidRequest;

/**
 * An image of a message, as a file.
 *
 * @param bytes the encoded file (PNG, JPEG, WebP, GIF or BMP); not to be changed
 * @param detail how closely it is to be looked at
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes; messages are not compared
public record ImageData(byte[] bytes, Detail detail) {
    /** Most bytes that are read of a file (spec "Reliability" L-11). */
    public static final int MOST_FILE_BYTES = 20 << 20;

    /** How many tiles an image may take. */
    public enum Detail {
        /** One tile. */
        LOW,
        /** As many as the model takes. */
        HIGH;

        /**
         * Tiles that an image may take.
         *
         * @param most that the model takes
         */
        public int tiles(int most) {
            return switch (this) {
                case LOW -> 1;
                case HIGH -> most;
            };
        }
    }

    public static ImageData of(byte[] bytes) {
        return new ImageData(bytes, Detail.HIGH);
    }

    /**
     * Reads a file; what is in it is looked at when it is asked about. A pipe will do.
     *
     * @throws InvalidRequest if it is missing, not readable, a directory, or larger than {@link
     *     #MOST_FILE_BYTES}
     */
    public static ImageData ofFile(Path file, Detail detail) {
        if (Files.isDirectory(file)) {
            throw refused(file + " is a directory, not an image.", "Name a file.");
        }
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MOST_FILE_BYTES) {
                throw tooLarge(file.toString());
            }
            try (InputStream in = Files.newInputStream(file)) {
                return ofStream(in, file.toString(), detail);
            }
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(file, "access is denied");
        } catch (FileSystemException e) {
            throw unreadable(file, String.valueOf(e.getReason()));
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads a stream to its end, which it does not close.
     *
     * @param name what messages call it
     * @throws InvalidRequest if there is more than {@link #MOST_FILE_BYTES}
     */
    public static ImageData ofStream(InputStream in, String name, Detail detail)
            throws IOException {
        byte[] bytes = in.readNBytes(MOST_FILE_BYTES);
        if (bytes.length == MOST_FILE_BYTES && in.read() >= 0) {
            throw tooLarge(name);
        }
        return new ImageData(bytes, detail);
    }

    private static InvalidRequest unreadable(Path file, String reason) {
        return refused(
                "The image " + file + " cannot be read: " + reason + ".",
                "Look at its name and permissions.");
    }

    private static InvalidRequest tooLarge(String name) {
        return refused(
                name + " is larger than an image may be: " + (MOST_FILE_BYTES >> 20) + " MiB.",
                "Make it smaller; more pixels than the model's tiles show are scaled down anyway.");
    }

    private static InvalidRequest refused(String problem, String remedy) {
        return new InvalidRequest("image", InvalidRequest.INVALID_IMAGE, problem, remedy);
    }
}
