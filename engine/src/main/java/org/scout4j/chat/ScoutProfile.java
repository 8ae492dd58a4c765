package org.scout4j.chat;

import java.util.List;
import java.util.stream.Collectors;
import org.scout4j.chat.template.JsonWriter;
import org.scout4j.chat.template.PythonText;
import org.scout4j.chat.template.Value;
import org.scout4j.tokenizer.SpecialTokens;

/**
 * This project's own rendering: functions in the system turn, calls as a list of Python calls.
 *
 * @param rawToolResults whether tool results are written as they are, not as JSON strings
 */
record ScoutProfile(boolean rawToolResults) implements Llama4Profile {
    private static final String PREAMBLE = Llama4Profile.resource("llama4-tools.txt");
    private static final String MUST_CALL = "\nYou must call at least one function now.";

    @Override
    public boolean joinsText() {
        return false;
    }

    @Override
    public List<String> ownControls() {
        return List.of();
    }

    @Override
    public void write(Conversation conversation, List<Tool> tools, TurnWriter turns) {
        List<Message> messages = conversation.messages();
        int leading = 0;
        while (leading < messages.size() && messages.get(leading).role() == Message.Role.SYSTEM) {
            leading++;
        }
        String system =
                messages.subList(0, leading).stream()
                        .map(message -> PythonText.strip(message.text()))
                        .collect(Collectors.joining("\n\n"));
        if (!tools.isEmpty()) {
            String separator = system.isEmpty() ? "" : "\n\n";
            turns.turn("system", system + separator + offer(conversation.toolChoice(), tools));
        } else if (leading > 0) {
            turns.turn("system", system);
        }
        for (int i = leading; i < messages.size(); i++) {
            boolean open = conversation.continueFinalMessage() && i == messages.size() - 1;
            write(messages.get(i), open, turns);
        }
    }

    private static String offer(ToolChoice choice, List<Tool> tools) {
        boolean mustCall =
                switch (choice) {
                    case ToolChoice.Required _, ToolChoice.Named _ -> true;
                    case ToolChoice.Auto _, ToolChoice.None _ -> false;
                };
        String list = JsonWriter.INDENTED.write(Value.list(Llama4Profile.definitions(tools)));
        return PREAMBLE + list + (mustCall ? MUST_CALL : "");
    }

    private void write(Message message, boolean open, TurnWriter turns) {
        String text = message.text();
        switch (message.role()) {
            case SYSTEM -> turns.turn("system", PythonText.strip(text));
            case USER ->
                    turns.header("user").parts(message.runs()).control(SpecialTokens.END_OF_TURN);
            case TOOL ->
                    turns.turn("ipython", rawToolResults ? text : JsonWriter.ONE_LINE.quote(text));
            case ASSISTANT -> {
                boolean calls = !message.toolCalls().isEmpty();
                turns.header("assistant")
                        .text(calls ? text + PythonCalls.list(message.toolCalls()) : text);
                if (!open) {
                    turns.control(SpecialTokens.END_OF_TURN);
                }
            }
        }
    }
}
