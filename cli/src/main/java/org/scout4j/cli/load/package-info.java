/** Load generator for servers with an OpenAI-compatible API, and the report of what it measured. */
@NullMarked
package org.scout4j.cli.load;

import org.jspecify.annotations.NullMarked;
