package org.scout4j.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.ScoutException;
import org.scout4j.error.VerificationFailed;

/** Opening of files that somebody else wrote: only regular ones, each failure named. */
public final class ModelFiles {
    private ModelFiles() {}

    /**
     * Maps a whole file read-only; nothing is copied.
     *
     * @param arena what the mapping lives as long as
     * @throws ModelNotFound if there is no such file
     * @throws VerificationFailed if it is empty, not a regular file, or may not be read
     */
    public static MemorySegment map(Path file, Arena arena) {
        requireRegular(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size == 0) {
                throw new VerificationFailed(file, "the file is empty");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /**
     * Reads a small file into memory.
     *
     * @param limit bytes that are read at most
     * @throws ModelNotFound if there is no such file
     * @throws VerificationFailed if it is longer, not a regular file, or may not be read
     */
    public static byte[] read(Path file, int limit) {
        byte[] bytes = readBeginning(file, limit + 1);
        if (bytes.length > limit) {
            throw new VerificationFailed(
                    file, "the file is longer than the " + limit + " bytes that are read of it");
        }
        return bytes;
    }

    /** As {@link #read}, but what lies beyond {@code limit} is left unread. */
    public static byte[] readBeginning(Path file, int limit) {
        requireRegular(file);
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(limit);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** An {@link IOException} as what it means to the user. */
    public static ScoutException failure(Path file, IOException cause) {
        return switch (cause) {
            case NoSuchFileException _ -> missing(file);
            case AccessDeniedException _ ->
                    new VerificationFailed(file, "permission to read it is denied", cause);
            default -> new VerificationFailed(file, "reading failed: " + cause.getMessage(), cause);
        };
    }

    // A pipe would block for ever, a device has no end: neither is opened.
    private static void requireRegular(Path file) {
        if (!Files.exists(file)) {
            throw missing(file);
        }
        if (!Files.isRegularFile(file)) {
            throw new VerificationFailed(
                    file,
                    Files.isDirectory(file)
                            ? "expected a file, found a directory"
                            : "not a regular file");
        }
    }

    private static ModelNotFound missing(Path file) {
        return new ModelNotFound(
                Files.isSymbolicLink(file)
                        ? file + " is a link to nothing that exists."
                        : file + " does not exist.",
                null);
    }
}
