/** The judge: every operation in its plainest form. */
@NullMarked
package org.scout4j.backend.scalar;

import org.jspecify.annotations.NullMarked;
