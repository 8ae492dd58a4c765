package org.scout4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the reader of one format made of the files, before the checks that all formats share.
 *
 * @param path what the user named
 * @param described the file that the numbers come from, for messages
 * @param vision the vision part, or null; its shape is also {@code shape}'s
 * @param tensors every stored tensor, in file order
 * @param consumed names of tensors that were needed for the shape
 * @param files every file opened for weights, in order
 */
public record CheckpointContents(
        Path path,
        Path described,
        ModelShape shape,
        WeightLocator weights,
        @Nullable VisionPart vision,
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

    /** The same model with a vision part from a file of its own. */
    public CheckpointContents with(VisionPart part, List<TensorSummary> further) {
        List<TensorSummary> all = new ArrayList<>(tensors);
        all.addAll(further);
        List<Path> opened = new ArrayList<>(files);
        opened.add(part.described());
        return new CheckpointContents(
                path,
                described,
                shape.withVision(part.shape()),
                weights,
                part,
                all,
                consumed,
                tokenizerData,
                chatTemplate,
                licence,
                name,
                opened);
    }
}
