/** Cloudflare's Workers AI: its own endpoint to run a model, and what its clients ask beside it. */
@NullMarked
package org.scout4j.server.workersai;

import org.jspecify.annotations.NullMarked;
