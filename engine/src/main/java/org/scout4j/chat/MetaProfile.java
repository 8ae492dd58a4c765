package org.scout4j.chat;

import java.util.List;
import org.scout4j.tokenizer.SpecialTokens;

/**
 * As Meta's own code writes history: nothing trimmed, every part encoded on its own, calls and
 * results end their message rather than their turn. Definitions of tools are the caller's text, so
 * the tools of a conversation are not written.
 */
record MetaProfile() implements Llama4Profile {

    @Override
    public boolean joinsText() {
        return false;
    }

    @Override
    public List<String> ownControls() {
        return List.of(SpecialTokens.END_OF_MESSAGE);
    }

    @Override
    public void write(Conversation conversation, List<Tool> tools, TurnWriter turns) {
        List<Message> messages = conversation.messages();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String role =
                    switch (message.role()) {
                        case SYSTEM -> "system";
                        case USER -> "user";
                        case ASSISTANT -> "assistant";
                        case TOOL -> "ipython";
                    };
            turns.header(role);
            turns.parts(message.parts());
            for (Message.ToolCall call : message.toolCalls()) {
                turns.text(PythonCalls.unescaped(call));
            }
            if (!conversation.continueFinalMessage() || i < messages.size() - 1) {
                boolean goesOn =
                        message.role() == Message.Role.TOOL || !message.toolCalls().isEmpty();
                turns.control(goesOn ? SpecialTokens.END_OF_MESSAGE : SpecialTokens.END_OF_TURN);
            }
        }
    }
}
