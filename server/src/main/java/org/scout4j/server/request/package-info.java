/** Reading of requests: typed fields in the order of the document, shared by all dialects. */
@NullMarked
package org.scout4j.server.request;

import org.jspecify.annotations.NullMarked;
