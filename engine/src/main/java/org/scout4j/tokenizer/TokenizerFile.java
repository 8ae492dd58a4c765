package org.scout4j.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;

/** What is checked of a tokenizer file before it is read. */
final class TokenizerFile {
    /** About five times the largest known {@code tokenizer.json}. */
    static final long MOST_JSON_BYTES = 128L << 20;

    /** About nine times Llama 4's {@code tokenizer.model}. */
    static final long MOST_TIKTOKEN_BYTES = 32L << 20;

    private TokenizerFile() {}

    /**
     * @throws ModelNotFound if there is no such file
     * @throws VerificationFailed if it is not a plain file of at most this size
     */
    static void check(Path file, long mostBytes) {
        if (!Files.exists(file)) {
            throw new ModelNotFound(
                    "There is no tokenizer file " + file.getFileName() + ".",
                    "Check the path; the file belongs beside the weights.");
        }
        if (!Files.isRegularFile(file)) {
            throw new VerificationFailed(file, "not a plain file");
        }
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (size > mostBytes) {
            throw new VerificationFailed(
                    file, "%,d bytes; a tokenizer has at most %,d".formatted(size, mostBytes));
        }
    }

    static VerificationFailed unreadable(Path file, Exception cause) {
        return new VerificationFailed(file, "cannot be read: " + cause.getMessage(), cause);
    }
}
