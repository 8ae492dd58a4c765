/** OpenAI's endpoints, and those of llama-server and vLLM that its clients use. */
@NullMarked
package org.scout4j.server.openai;

import org.jspecify.annotations.NullMarked;
