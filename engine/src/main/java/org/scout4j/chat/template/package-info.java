/** A small, bounded renderer for the Jinja template that a checkpoint carries. */
@NullMarked
package org.scout4j.chat.template;

import org.jspecify.annotations.NullMarked;
