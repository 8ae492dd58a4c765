package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, in words: Java's own messages repeat the path. */
final class IoReason {
    private IoReason() {}

    static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no such file or directory";
            case AccessDeniedException denied -> "access is denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
