/** GGUF files, single or split. */
@NullMarked
package org.scout4j.checkpoint.gguf;

import org.jspecify.annotations.NullMarked;
