/** Token ids in, token ids out: the queue, the loop and the stream of events of one generation. */
@NullMarked
package org.scout4j.engine;

import org.jspecify.annotations.NullMarked;
