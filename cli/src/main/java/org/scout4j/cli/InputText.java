package org.scout4j.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scout4j.error.InvalidRequest;

/** Text that a flag names: a file, or standard input. */
final class InputText {
    private InputText() {}

    /**
     * Reads it whole.
     *
     * @param name a file, or {@code -}
     * @throws InvalidRequest if it cannot be read
     */
    static String of(String name, Surroundings here) {
        if (name.equals("-")) {
            return StandardInput.readAll(here);
        }
        return ofFile(name, here);
    }

    /**
     * Reads a file whole, also where standard input is something else.
     *
     * @throws InvalidRequest if it cannot be read
     */
    static String ofFile(String name, Surroundings here) {
        Path file = here.directory().resolve(name);
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new InvalidRequest(null, file + " is not UTF-8.");
        } catch (IOException e) {
            throw new InvalidRequest(null, file + " cannot be read: " + IoReason.of(e) + ".");
        }
    }
}
