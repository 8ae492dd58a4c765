package org.scout4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Message;
import org.scout4j.chat.ToolChoice;

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
    private final ToolBox tools;
    private final List<Message> messages = new ArrayList<>();

    Session(Scout scout, AnswerOptions options, ToolBox tools) {
        this.scout = scout;
        this.options = options;
        this.tools = tools;
    }

    /** Adds a message without asking for an answer. */
    public Session add(Message message) {
        messages.add(message);
        return this;
    }

    /** Asks, answers the calls of tools, waits for the answer and keeps all of it. */
    public ChatResult say(String text) {
        return say(Message.user(text));
    }

    /**
     * The same with a question that shows images, as {@link UserMessage} makes it. What was shown
     * stays part of the conversation.
     */
    public ChatResult say(Message question) {
        ToolLoop.Outcome outcome = ToolLoop.of(scout, tools, event -> {}).run(asking(question));
        add(question);
        messages.addAll(outcome.messages());
        return outcome.result();
    }

    /**
     * Asks without keeping the question; the caller adds question and answer when it has them, and
     * answers the calls of tools.
     */
    public ChatStream stream(String text) {
        return stream(Message.user(text));
    }

    /** The same with a question that shows images, as {@link UserMessage} makes it. */
    public ChatStream stream(Message question) {
        return scout.stream(asking(question));
    }

    private ChatRequest asking(Message question) {
        List<Message> asked = new ArrayList<>(messages);
        asked.add(question);
        Conversation conversation =
                new Conversation(asked, tools.tools(), ToolChoice.AUTO, true, false);
        return new ChatRequest(conversation, options);
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
