package org.scout4j.cli;

import org.scout4j.chat.ChatFormat;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ConversationReader;

/**
 * {@code {"messages", "tools"?, "tool_choice"?, "add_generation_prompt"?}} → {@code {"ids",
 * "text"}}.
 */
final class ConversationLines implements LineAnswer {
    private final ChatFormat format;

    ConversationLines(ChatFormat format) {
        this.format = format;
    }

    @Override
    public Properties answer(String line) {
        Conversation conversation = ConversationReader.read(line);
        int[] ids = format.render(conversation).tokens();
        String text = format.renderText(conversation);
        return generator -> {
            generator.writeName("ids");
            generator.writeArray(ids, 0, ids.length);
            generator.writeStringProperty("text", text);
        };
    }
}
