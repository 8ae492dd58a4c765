/** Operations by the Vector API on all cores. */
@NullMarked
package org.scout4j.backend.vector;

import org.jspecify.annotations.NullMarked;
