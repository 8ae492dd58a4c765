/** What is told about the server's work: metrics, the access log, traces; never what was said. */
@NullMarked
package org.scout4j.server.observe;

import org.jspecify.annotations.NullMarked;
