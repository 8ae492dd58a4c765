/** Conversations and how a model wants to read them. */
@NullMarked
package org.scout4j.chat;

import org.jspecify.annotations.NullMarked;
