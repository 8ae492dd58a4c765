/** From logits to the next token: penalties, truncation, temperature, seed, log-probabilities. */
@NullMarked
package org.scout4j.sampling;

import org.jspecify.annotations.NullMarked;
