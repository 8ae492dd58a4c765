package org.scout4j.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * A weight that was found, straightened, and where it came from.
 *
 * @param file the file it lies in, for messages
 * @param stored names of the stored tensors that hold it, with its scale factors
 */
public record LocatedWeight(TensorSource tensor, Path file, List<String> stored) {
    public LocatedWeight {
        stored = List.copyOf(stored);
    }

    /** A weight that is (part of) one stored tensor. */
    public static LocatedWeight in(StoredTensor tensor, TensorSource weight) {
        return new LocatedWeight(weight, tensor.file(), List.of(tensor.name()));
    }
}
