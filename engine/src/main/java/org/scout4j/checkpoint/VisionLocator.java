package org.scout4j.checkpoint;

import java.util.Optional;

/** Finds the weights of a vision part by role in one kind of checkpoint. */
public interface VisionLocator {

    /**
     * Looks for one weight.
     *
     * @param layer layer of the tower; 0 for roles outside layers
     * @return empty if the files hold nothing for it. The caller checks type and shape.
     * @throws org.scout4j.error.VerificationFailed if what is there contradicts itself
     */
    Optional<LocatedWeight> find(VisionRole role, int layer);

    /** What the tensor would be called, for messages. */
    String nameOf(VisionRole role, int layer);
}
