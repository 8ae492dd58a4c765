/** Chat and text completions: what OpenAI's and OpenRouter's endpoints have in common. */
@NullMarked
package org.scout4j.server.completions;

import org.jspecify.annotations.NullMarked;
