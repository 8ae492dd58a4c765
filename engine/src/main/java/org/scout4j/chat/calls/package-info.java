/** Model output read as text and tool calls (spec "Chat" §4). */
@NullMarked
package org.scout4j.chat.calls;

import org.jspecify.annotations.NullMarked;
