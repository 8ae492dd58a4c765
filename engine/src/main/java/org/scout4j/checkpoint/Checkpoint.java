package org.scout4j.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A published model, mapped and checked. Opening reads headers, and of the weights only what is
 * small and matters to every token (norms, routers, scale factors), looking for NaN: every size,
 * offset, type and shape is checked before anything is used, within bounded memory, and a wrong
 * file is one {@link org.scout4j.error.VerificationFailed} naming file, tensor and expectation.
 *
 * <p>Fused, split, transposed and separately scaled layouts are straightened here: callers ask by
 * {@link WeightRole} and see one matrix a role (and expert).
 */
public interface Checkpoint extends AutoCloseable {

    /** The directory or (first) file that was opened. */
    Path path();

    /** The validated numbers. */
    ModelShape shape();

    /**
     * The weights of one role.
     *
     * @param layer layer number; 0 for roles outside layers
     * @param expert routed expert; 0 for roles without experts
     * @return empty when an optional role is absent
     * @throws org.scout4j.error.VerificationFailed if a required tensor is missing or of another
     *     shape than {@link #shape()} demands
     */
    Optional<TensorSource> weight(WeightRole role, int layer, int expert);

    /**
     * The weights of one role of the vision part.
     *
     * @param layer layer of the tower; 0 for roles outside layers
     * @throws IllegalStateException if the model has no vision part ({@link ModelShape#vision})
     */
    TensorSource visionWeight(VisionRole role, int layer);

    /** Every tensor of the files, as stored (for display and accounting), in file order. */
    List<TensorSummary> tensors();

    /** Those of {@link #tensors()} that no weight is made of: scout4j does not know them. */
    default List<TensorSummary> unused() {
        return List.of();
    }

    /** Where the tokenizer's data comes from. */
    TokenizerData tokenizerData();

    /** The Jinja chat template that the files carry. */
    Optional<String> chatTemplate();

    /** The licence as the files name it. */
    Optional<String> licence();

    /** The model's name as the files give it. */
    Optional<String> name();

    /** Files opened, in order. */
    List<Path> files();

    /** Unmaps the files. No {@link TensorSource} of this checkpoint may be used afterwards. */
    @Override
    void close();
}
