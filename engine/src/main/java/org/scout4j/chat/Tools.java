package org.scout4j.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.chat.template.JsonReader;
import org.scout4j.chat.template.PythonText;
import org.scout4j.chat.template.Text;
import org.scout4j.chat.template.Value;
import org.scout4j.error.InvalidRequest;

/** Which tools a prompt offers, and what calls of them carry. */
final class Tools {
    private Tools() {}

    /**
     * The tools whose definitions belong into the prompt.
     *
     * @param keepOnNone whether they stay when the model must not call any
     * @throws InvalidRequest if the choice asks for a call that no tool allows
     */
    static List<Tool> offered(Conversation conversation, boolean keepOnNone) {
        List<Tool> tools = conversation.tools();
        requirePossible(conversation.toolChoice(), tools);
        return switch (conversation.toolChoice()) {
            case ToolChoice.Auto _, ToolChoice.Required _ -> tools;
            case ToolChoice.None _ -> keepOnNone ? tools : List.of();
            case ToolChoice.Named(String name) ->
                    tools.stream().filter(tool -> tool.name().equals(name)).toList();
        };
    }

    /**
     * @throws InvalidRequest if the choice asks for a call that no tool allows
     */
    static void requirePossible(ToolChoice choice, List<Tool> tools) {
        switch (choice) {
            case ToolChoice.Auto _, ToolChoice.None _ -> {}
            case ToolChoice.Required _ -> {
                if (tools.isEmpty()) {
                    throw new InvalidRequest(
                            "tool_choice",
                            "'tool_choice' requires a call, but there are no tools.");
                }
            }
            case ToolChoice.Named(String name) -> {
                if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
                    throw new InvalidRequest(
                            "tool_choice",
                            "'tool_choice' names '" + name + "', which is not among 'tools'.");
                }
            }
        }
    }

    /** A bare function object in its {@code {"type": "function"}} wrapping. */
    static Value wrapped(Value function) {
        Map<String, Value> wrapping = new LinkedHashMap<>();
        wrapping.put("type", Text.trusted("function"));
        wrapping.put("function", function);
        return Value.Mapping.of(wrapping);
    }

    /**
     * The arguments of a call as an object; the text itself, as a string, if it is no JSON object.
     * No text at all means no arguments.
     */
    static Value arguments(Message.ToolCall call) {
        String json = PythonText.strip(call.arguments());
        if (json.isEmpty() || json.equals("null")) {
            return Value.Mapping.of(Map.of());
        }
        return JsonReader.read(json)
                .filter(value -> value instanceof Value.Mapping)
                .orElseGet(() -> Text.untrusted(call.arguments()));
    }
}
