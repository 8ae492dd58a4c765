package org.scout4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Message;

/**
 * A conversation that grows turn by turn. For one thread at a time.
 *
 * <p>A turn becomes part of the conversation when its answer is added: by {@link #say}, or by
 * {@link #add} after {@link #stream}. A cancelled or failed turn can so be left out or kept in
 * part.
 */
public final class Session {
    private final Scout scout;
    private final AnswerOptions options;
    private final List<Message> messages = new ArrayList<>();

    Session(Scout scout, AnswerOptions options) {
        this.scout = scout;
        this.options = options;
    }

    /** Adds a message without asking for an answer. */
    public Session add(Message message) {
        messages.add(message);
        return this;
    }

    /** Asks, waits for the answer and keeps both. */
    public ChatResult say(String text) {
        try (ChatStream stream = stream(text)) {
            ChatResult result = stream.result();
            add(Message.user(text));
            add(result.message());
            return result;
        }
    }

    /** Asks without keeping the question; the caller adds question and answer when it has them. */
    public ChatStream stream(String text) {
        List<Message> asked = new ArrayList<>(messages);
        asked.add(Message.user(text));
        return scout.stream(new ChatRequest(Conversation.of(asked), options));
    }

    /** Forgets every message but a leading system message. */
    public void clear() {
        Optional<Message> system =
                messages.stream().findFirst().filter(m -> m.role() == Message.Role.SYSTEM);
        messages.clear();
        system.ifPresent(messages::add);
    }

    /** The messages so far. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }
}
