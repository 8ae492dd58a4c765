/** The paged key/value cache: pools of pages, and which pages a sequence holds. */
@NullMarked
package org.scout4j.cache;

import org.jspecify.annotations.NullMarked;
