package org.scout4j.error;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A model file is damaged, contradicts itself, or is of a kind that scout4j does not read. */
public final class VerificationFailed extends ScoutException {
    private static final long serialVersionUID = 1;

    private final Path file;
    private final String detail;

    /**
     * @param detail what was expected and what was found, naming the tensor or key
     */
    public VerificationFailed(Path file, String detail, @Nullable Throwable cause) {
        super(
                file.getFileName() + ": " + detail,
                "Fetch or convert the file again; if it is meant to be like this, it is of a kind"
                        + " that scout4j does not read.",
                cause);
        this.file = file;
        this.detail = detail;
    }

    public VerificationFailed(Path file, String detail) {
        this(file, detail, null);
    }

    public Path file() {
        return file;
    }

    public String detail() {
        return detail;
    }
}
