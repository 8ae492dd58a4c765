package org.scout4j.chat;

import java.util.List;

/**
 * What a chat format renders.
 *
 * @param addGenerationPrompt end with the header of a new assistant turn
 * @param continueFinalMessage leave the last (assistant) message open, so that generation goes on
 *     in it; excludes {@code addGenerationPrompt}
 */
public record Conversation(
        List<Message> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        boolean addGenerationPrompt,
        boolean continueFinalMessage) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** Messages without tools, with a generation prompt. */
    public static Conversation of(List<Message> messages) {
        return new Conversation(messages, List.of(), ToolChoice.AUTO, true, false);
    }
}
