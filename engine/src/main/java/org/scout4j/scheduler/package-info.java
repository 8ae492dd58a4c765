/** Who computes next: which sequences and which of their tokens go into a step. */
@NullMarked
package org.scout4j.scheduler;

import org.jspecify.annotations.NullMarked;
