package org.scout4j.backend;

import org.jspecify.annotations.Nullable;

/**
 * A matrix and what is added to its product.
 *
 * @param weight [out, in]
 * @param bias [out], or null for none
 */
public record Linear(Tensor weight, @Nullable Tensor bias) {}
