package org.scout4j.chat;

/** How one model wants to read a conversation. */
public interface ChatFormat {

    /**
     * Renders a conversation to token ids. Text of the conversation never becomes a control token.
     *
     * @throws org.scout4j.error.InvalidRequest if the format cannot express the conversation
     */
    Prompt render(Conversation conversation);

    /**
     * The same as text, control tokens by name; for people. Encoding this text again is not safe.
     */
    String renderText(Conversation conversation);
}
