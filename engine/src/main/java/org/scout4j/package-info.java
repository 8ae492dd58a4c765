/** The library face: load a model, ask it, read the answer as it comes. */
@NullMarked
package org.scout4j;

import org.jspecify.annotations.NullMarked;
