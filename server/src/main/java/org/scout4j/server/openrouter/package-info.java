/** OpenRouter's endpoints. */
@NullMarked
package org.scout4j.server.openrouter;

import org.jspecify.annotations.NullMarked;
