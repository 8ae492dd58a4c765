package org.scout4j.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the reader of one format made of the files, before the checks that all formats share.
 *
 * @param path what the user named
 * @param described the file that the numbers come from, for messages
 * @param tensors every stored tensor, in file order
 * @param consumed names of tensors that were needed for the shape
 * @param files every file opened for weights, in order
 */
public record CheckpointContents(
        Path path,
        Path described,
        ModelShape shape,
        WeightLocator weights,
        List<TensorSummary> tensors,
        Set<String> consumed,
        TokenizerData tokenizerData,
        @Nullable String chatTemplate,
        @Nullable String licence,
        @Nullable String name,
        List<Path> files) {
    public CheckpointContents {
        tensors = List.copyOf(tensors);
        consumed = Set.copyOf(consumed);
        files = List.copyOf(files);
    }
}
