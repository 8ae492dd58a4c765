package org.scout4j.cli;

import java.util.List;
import org.scout4j.chat.Message;
import tools.jackson.core.JsonGenerator;

/** Calls of tools, as they are shown. */
final class ToolCallText {
    private ToolCallText() {}

    /** E.g. {@code get_weather({"city": "Oslo"})}. */
    static String line(Message.ToolCall call) {
        return call.name() + "(" + call.arguments() + ")";
    }

    /** Text and the calls that follow it, a line each; ends with a line end. */
    static String after(String text, List<Message.ToolCall> calls) {
        StringBuilder lines = new StringBuilder();
        if (!text.endsWith("\n") && !(text.isEmpty() && !calls.isEmpty())) {
            lines.append('\n');
        }
        for (Message.ToolCall call : calls) {
            lines.append(line(call)).append('\n');
        }
        return lines.toString();
    }

    /** The property {@code tool_calls} as in OpenAI's messages, if there are calls. */
    static void write(JsonGenerator generator, List<Message.ToolCall> calls) {
        if (calls.isEmpty()) {
            return;
        }
        generator.writeArrayPropertyStart("tool_calls");
        for (Message.ToolCall call : calls) {
            generator.writeStartObject();
            generator.writeStringProperty("id", call.id());
            generator.writeStringProperty("type", "function");
            generator.writeObjectPropertyStart("function");
            generator.writeStringProperty("name", call.name());
            generator.writeStringProperty("arguments", call.arguments());
            generator.writeEndObject();
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }
}
