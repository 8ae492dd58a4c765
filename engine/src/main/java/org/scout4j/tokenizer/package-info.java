/** Text to token ids and back: byte-level BPE from tiktoken, Hugging Face and GGUF data. */
@NullMarked
package org.scout4j.tokenizer;

import org.jspecify.annotations.NullMarked;
