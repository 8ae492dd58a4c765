package org.scout4j.backend;

import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.WeightRows;

/** tmp */
public record HostTensor(int rows, int columns, float[] data, @Nullable WeightRows weights)
        implements Tensor {}
