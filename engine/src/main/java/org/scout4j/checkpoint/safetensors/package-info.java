/** Hugging Face directories: config.json and safetensors, single or sharded. */
@NullMarked
package org.scout4j.checkpoint.safetensors;

import org.jspecify.annotations.NullMarked;
