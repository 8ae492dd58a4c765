package org.scout4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.error.AnswerUnusable;

/** Asks, answers the calls, and asks again until the model answers. */
final class ToolLoop {
    private final Function<ChatRequest, ChatResult> model;
    private final ToolBox tools;
    private final Consumer<ChatEvent> listener;

    /**
     * @param model answers once
     * @param listener hears of the results of calls, on the thread that asks
     */
    ToolLoop(Function<ChatRequest, ChatResult> model, ToolBox tools, Consumer<ChatEvent> listener) {
        this.model = model;
        this.tools = tools;
        this.listener = listener;
    }

    /** A loop around a model, whose events are told too. */
    static ToolLoop of(Scout scout, ToolBox tools, Consumer<ChatEvent> listener) {
        return new ToolLoop(request -> answer(scout, request, listener), tools, listener);
    }

    private static ChatResult answer(
            Scout scout, ChatRequest request, Consumer<ChatEvent> listener) {
        try (ChatStream stream = scout.stream(request)) {
            stream.forEach(listener);
            return stream.result();
        }
    }

    /**
     * What came of it.
     *
     * @param messages what the conversation has grown by: calls, their results, the answer
     */
    record Outcome(ChatResult result, List<Message> messages) {
        Outcome {
            messages = List.copyOf(messages);
        }
    }

    /**
     * @throws AnswerUnusable if the model still calls after the most rounds allowed
     */
    Outcome run(ChatRequest request) {
        Conversation asked = request.conversation();
        List<Message> grown = new ArrayList<>();
        ToolChoice choice = asked.toolChoice();
        for (int round = 0; round <= tools.rounds(); round++) {
            Conversation conversation = with(asked, grown, choice);
            ChatResult result = model.apply(new ChatRequest(conversation, request.options()));
            grown.add(result.message());
            if (result.finishReason() != FinishReason.TOOL_CALLS || !allOurs(result)) {
                return new Outcome(result, grown);
            }
            if (round < tools.rounds()) {
                List<Message> results = tools.call(result.toolCalls());
                results.forEach(this::tell);
                grown.addAll(results);
                choice = ToolChoice.AUTO; // a call that was required has been made
            }
        }
        throw new AnswerUnusable(
                "The model called tools "
                        + (tools.rounds() + 1)
                        + " times in a row; "
                        + tools.rounds()
                        + " rounds are allowed.",
                "Allow more rounds, or say in the tools' results that nothing is left to do.");
    }

    private void tell(Message result) {
        listener.accept(
                new ChatEvent.ToolResult(String.valueOf(result.toolCallId()), result.text()));
    }

    private boolean allOurs(ChatResult result) {
        return result.toolCalls().stream().allMatch(call -> tools.has(call.name()));
    }

    /** The request's own tools are offered too; calls of them are left to the caller. */
    private Conversation with(Conversation asked, List<Message> grown, ToolChoice choice) {
        List<Message> messages = new ArrayList<>(asked.messages());
        messages.addAll(grown);
        List<Tool> offered = new ArrayList<>(tools.tools());
        asked.tools().stream().filter(tool -> !tools.has(tool.name())).forEach(offered::add);
        boolean first = grown.isEmpty();
        return new Conversation(
                messages,
                offered,
                choice,
                !first || asked.addGenerationPrompt(),
                first && asked.continueFinalMessage());
    }
}
