package org.scout4j.checkpoint;

import java.nio.file.Path;

/** Opens a checkpoint of whichever kind lies at a path. */
public final class Checkpoints {
    private Checkpoints() {}

    /**
     * Opens a Hugging Face directory (or a directory that holds one GGUF model), or a GGUF file (of
     * a split model: the first part; naming another part finds it).
     *
     * @throws org.scout4j.error.ModelNotFound if nothing of that kind lies there
     * @throws org.scout4j.error.VerificationFailed if the files are damaged or contradict
     *     themselves
     */
    public static Checkpoint open(Path fileOrDirectory) {
        throw new UnsupportedOperationException("open " + fileOrDirectory);
    }
}
