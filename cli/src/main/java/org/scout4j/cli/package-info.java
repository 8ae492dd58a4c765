/** The scout4j command: one class a subcommand. */
@NullMarked
package org.scout4j.cli;

import org.jspecify.annotations.NullMarked;
