/** Published model files, mapped and checked: shape, tensors and tokenizer data in one layout. */
@NullMarked
package org.scout4j.checkpoint;

import org.jspecify.annotations.NullMarked;
