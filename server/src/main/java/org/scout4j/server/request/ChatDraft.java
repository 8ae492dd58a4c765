package org.scout4j.server.request;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.server.images.RequestImages;

/** Collects a request for chat while it is read. */
public final class ChatDraft {
    private final AnswerDraft answer;
    private final RequestImages images;
    private List<Message> messages = List.of();
    private List<Tool> tools = List.of();
    private boolean legacy;
    private boolean parallelCalls = true;
    private @Nullable JsonValue choiceValue;
    private @Nullable ToolChoice choice;
    private List<String> allowedTools = List.of();
    private @Nullable Boolean generationPrompt;
    private boolean continueFinalMessage;
    private boolean middleOut;
    private @Nullable String prompt;

    public ChatDraft(AnswerDraft answer, RequestImages images) {
        this.answer = answer;
        this.images = images;
    }

    public AnswerDraft answer() {
        return answer;
    }

    /** The images that its messages show. */
    public RequestImages images() {
        return images;
    }

    /** Sets the conversation. */
    public void messages(List<Message> value) {
        messages = value;
    }

    /** Sets a text that stands for a conversation of one user message, if there is no other. */
    public void prompt(String text) {
        prompt = text;
    }

    /** Lets middle turns be dropped when the conversation is too long. */
    public void middleOut(boolean allowed) {
        middleOut = allowed;
    }

    public boolean middleOut() {
        return middleOut;
    }

    void tools(JsonValue where, List<Tool> value) {
        requireOneForm(where);
        tools = value;
    }

    /** Sets tools in the older form, which is answered in the older form too. */
    void functions(JsonValue where, List<Tool> value) {
        requireOneForm(where);
        tools = value;
        legacy = true;
        limitCalls();
    }

    private void requireOneForm(JsonValue where) {
        if (!tools.isEmpty()) {
            throw AnswerFields.contradiction(
                    where.param(), "'tools' and 'functions' are the same; send one of them.");
        }
    }

    /** Whether the client asked, and is answered, with functions instead of tools. */
    public boolean legacy() {
        return legacy;
    }

    void parallelCalls(boolean allowed) {
        parallelCalls = allowed;
        limitCalls();
    }

    /** One answer may call several tools; the older form has no room for that. */
    private void limitCalls() {
        answer.options().parallelToolCalls(parallelCalls && !legacy);
    }

    void toolChoice(JsonValue where, ToolChoice value, List<String> allowed) {
        choiceValue = where;
        choice = value;
        allowedTools = allowed;
    }

    void generationPrompt(boolean wanted) {
        generationPrompt = wanted;
    }

    void continueFinalMessage(boolean wanted) {
        continueFinalMessage = wanted;
    }

    /**
     * Ends the reading. Images of other hosts are not fetched yet: see {@link
     * RequestImages#fetched}.
     *
     * @throws org.scout4j.server.ProblemException if fields contradict each other or something is
     *     missing
     */
    public Conversation conversation() {
        if (messages.isEmpty() && prompt != null) {
            messages = List.of(Message.user(prompt));
        }
        if (messages.isEmpty()) {
            throw JsonValue.missing("messages");
        }
        List<Tool> offered =
                allowedTools.isEmpty()
                        ? tools
                        : tools.stream().filter(t -> allowedTools.contains(t.name())).toList();
        ToolChoice effective =
                choice != null ? choice : tools.isEmpty() ? ToolChoice.NONE : ToolChoice.AUTO;
        boolean prompted = generationPrompt == null ? !continueFinalMessage : generationPrompt;
        Conversation conversation =
                new Conversation(messages, offered, effective, prompted, continueFinalMessage);
        conversation.requirePossible();
        if (choiceValue != null && offered.size() < allowedTools.size()) {
            throw choiceValue.invalid("names a tool which is not among 'tools'");
        }
        return conversation;
    }
}
