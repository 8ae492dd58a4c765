package org.scout4j.checkpoint;

import java.util.Optional;

/**
 * Finds weights by role in one kind of checkpoint and straightens fused, transposed and separately
 * scaled layouts. Roles that {@link WeightPlan} rules out are not asked for.
 */
public interface WeightLocator {

    /**
     * Looks for one weight.
     *
     * @return empty if the files hold nothing for it. The caller checks type and shape.
     * @throws org.scout4j.error.VerificationFailed if what is there contradicts itself
     */
    Optional<LocatedWeight> find(WeightRole role, int layer, int expert);

    /** What the tensor would be called, for messages. */
    String nameOf(WeightRole role, int layer, int expert);
}
