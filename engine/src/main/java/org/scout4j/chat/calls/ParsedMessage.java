package org.scout4j.chat.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Message;

/**
 * A whole answer, read.
 *
 * @param content the text around the calls; null if there is nothing but calls
 * @param toolCalls in order; the arguments of one that was cut are incomplete JSON
 * @param failed whether something began as a call and then was none, so that all of it is content
 */
public record ParsedMessage(
        @Nullable String content, List<Message.ToolCall> toolCalls, boolean failed) {
    public ParsedMessage {
        toolCalls = List.copyOf(toolCalls);
    }
}
