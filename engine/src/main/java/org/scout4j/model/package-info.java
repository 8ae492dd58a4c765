/** The decoder as data (plans) and one forward pass over it. */
@NullMarked
package org.scout4j.model;

import org.jspecify.annotations.NullMarked;
