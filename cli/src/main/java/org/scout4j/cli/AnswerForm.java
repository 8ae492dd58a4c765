package org.scout4j.cli;

import java.util.List;
import org.scout4j.AnswerOptions;
import org.scout4j.ChatRequest;
import org.scout4j.ResponseFormat;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;

/** What an answer to a conversation may be: its format, and the tools it may call. */
record AnswerForm(ResponseFormat format, List<Tool> tools, ToolChoice choice) {
    /** Any text. */
    static final AnswerForm FREE = new AnswerForm(ResponseFormat.TEXT, List.of(), ToolChoice.AUTO);

    AnswerForm {
        tools = List.copyOf(tools);
    }

    /**
     * @throws org.scout4j.error.InvalidRequest if the flags make no sense
     */
    static AnswerForm of(FormFlags form, ToolFlags tools, Surroundings here) {
        AnswerForm wanted = new AnswerForm(form.format(here), tools.tools(here), tools.choice());
        wanted.conversation(List.of(Message.user(""))).requirePossible();
        return wanted;
    }

    AnswerForm withFormat(ResponseFormat other) {
        return new AnswerForm(other, tools, choice);
    }

    AnswerForm withTools(List<Tool> others) {
        return new AnswerForm(format, others, ToolChoice.AUTO);
    }

    /** After a call that was required has been made. */
    AnswerForm afterCalls() {
        return new AnswerForm(format, tools, ToolChoice.AUTO);
    }

    ChatRequest request(List<Message> messages, AnswerOptions.Builder options) {
        return new ChatRequest(conversation(messages), options.format(format).build());
    }

    private Conversation conversation(List<Message> messages) {
        return new Conversation(messages, tools, choice, true, false);
    }
}
