package org.scout4j.chat;

import java.util.List;

/** How one model wants to read a conversation. */
public interface ChatFormat {

    /**
     * Renders a conversation to token ids. Text of the conversation never becomes a control token.
     *
     * @param images layouts of the conversation's images, in order
     * @throws org.scout4j.error.InvalidRequest if the format cannot express the conversation
     */
    Prompt render(Conversation conversation, List<ImageLayout> images);

    /** Renders a conversation without images. */
    default Prompt render(Conversation conversation) {
        return render(conversation, List.of());
    }

    /**
     * The same as text, control tokens by name; for people. Encoding this text again is not safe.
     */
    String renderText(Conversation conversation, List<ImageLayout> images);

    /** The same of a conversation without images. */
    default String renderText(Conversation conversation) {
        return renderText(conversation, List.of());
    }
}
