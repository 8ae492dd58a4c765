package org.scout4j.chat;

import java.util.List;
import org.scout4j.chat.template.JsonWriter;
import org.scout4j.chat.template.PythonText;
import org.scout4j.chat.template.Value;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.SpecialTokens;

/**
 * As the chat template in Hugging Face's Llama 4 processor renders: functions in the first user
 * turn, calls as JSON behind a pair of python tokens. The template's text is tokenised as a whole
 * there, so a turn's content is encoded together with the line breaks before it; unlike there, text
 * of a request never becomes a control token.
 */
record HuggingFaceProfile() implements Llama4Profile {
    private static final String PREAMBLE = Llama4Profile.resource("llama4-tools-hf.txt");

    @Override
    public boolean joinsText() {
        return true;
    }

    @Override
    public List<String> ownControls() {
        return List.of(SpecialTokens.PYTHON_START, SpecialTokens.PYTHON_END);
    }

    @Override
    public void write(Conversation conversation, List<Tool> tools, TurnWriter turns) {
        List<Message> messages = conversation.messages();
        int next = 0;
        if (!messages.isEmpty() && messages.getFirst().role() == Message.Role.SYSTEM) {
            String system = PythonText.strip(messages.getFirst().text());
            turns.turn("system", tools.isEmpty() ? system : "Environment: ipython\n" + system);
            next++;
        }
        if (!tools.isEmpty()) {
            if (next == messages.size()) {
                throw new InvalidRequest(
                        "messages", "Tools go into the first user message, and there is none.");
            }
            StringBuilder offer = new StringBuilder(PREAMBLE);
            // The reference does not know tool_choice: a named tool does not hide the others.
            for (Value definition : Llama4Profile.definitions(conversation.tools())) {
                offer.append(JsonWriter.INDENTED.write(Tools.wrapped(definition))).append("\n\n");
            }
            Message first = messages.get(next);
            turns.header("user").text(offer.toString());
            if (first.hasImages()) {
                turns.parts(first.runs());
            } else {
                turns.text(PythonText.strip(first.text()));
            }
            turns.control(SpecialTokens.END_OF_TURN);
            next++;
        }
        for (int i = next; i < messages.size(); i++) {
            boolean open = conversation.continueFinalMessage() && i == messages.size() - 1;
            write(messages.get(i), open, turns);
        }
    }

    private static void write(Message message, boolean open, TurnWriter turns) {
        String text = message.text();
        switch (message.role()) {
            case SYSTEM -> turns.turn("system", text);
            case USER ->
                    turns.header("user").parts(message.runs()).control(SpecialTokens.END_OF_TURN);
            case TOOL -> turns.turn("ipython", JsonWriter.ONE_LINE.quote(text));
            case ASSISTANT -> {
                turns.header("assistant");
                if (message.toolCalls().isEmpty()) {
                    turns.text(text);
                } else {
                    turns.control(SpecialTokens.PYTHON_START)
                            .text(text)
                            .control(SpecialTokens.PYTHON_END);
                    message.toolCalls().forEach(call -> turns.text(json(call)));
                }
                if (!open) {
                    turns.control(SpecialTokens.END_OF_TURN);
                }
            }
        }
    }

    private static String json(Message.ToolCall call) {
        String arguments = JsonWriter.ONE_LINE.write(Tools.arguments(call));
        return "{\"name\": \"" + call.name() + "\", \"parameters\": " + arguments + "}";
    }
}
