/** The HTTP face; its dialects, accounts and metrics are rooms below. */
@NullMarked
package org.scout4j.server;

import org.jspecify.annotations.NullMarked;
