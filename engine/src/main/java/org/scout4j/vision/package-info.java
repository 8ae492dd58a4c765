/**
 * Images: a file becomes pixels, pixels become tiles, tiles become rows of the decoder's embedding
 * space (spec "Model" §3).
 */
@NullMarked
package org.scout4j.vision;

import org.jspecify.annotations.NullMarked;
