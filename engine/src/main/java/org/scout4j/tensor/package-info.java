/** Element types, shapes and the decoding of every weight format to float32. */
@NullMarked
package org.scout4j.tensor;

import org.jspecify.annotations.NullMarked;
