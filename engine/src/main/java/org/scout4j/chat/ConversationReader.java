package org.scout4j.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Message.Role;
import org.scout4j.chat.template.JsonReader;
import org.scout4j.error.InvalidRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a conversation from JSON in the shape of OpenAI's chat API: {@code messages}, and
 * optionally {@code tools}, {@code tool_choice}, {@code add_generation_prompt} and {@code
 * continue_final_message}. Null fields count as absent, unknown ones are ignored. What is malformed
 * is an {@link InvalidRequest} that names the parameter, such as {@code messages[2].content}.
 */
public final class ConversationReader {
    private static final int MOST_TOOLS = 128;
    private static final int LONGEST_TOOL_NAME = 64;
    private static final String TOOL_NAME_CHARACTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(JsonReader.DEPTH)
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .maxNameLength(Integer.MAX_VALUE)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final JsonNode request;

    /** The calls of the latest assistant message that made any. */
    private Set<String> openCalls = Set.of();

    private ConversationReader(JsonNode request) {
        this.request = request;
    }

    /** Reads a conversation from JSON text; numbers keep every digit. */
    public static Conversation read(String json) {
        try {
            return read(MAPPER.readTree(json));
        } catch (JacksonException e) {
            throw new InvalidRequest(
                    null,
                    "The request is not valid JSON, or is nested more than "
                            + JsonReader.DEPTH
                            + " levels deep"
                            + place(e)
                            + ".");
        }
    }

    private static String place(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    /** Reads a conversation. */
    public static Conversation read(JsonNode request) {
        if (!request.isObject()) {
            throw new InvalidRequest(null, "A request must be a JSON object.");
        }
        return new ConversationReader(request).conversation();
    }

    private Conversation conversation() {
        List<Message> messages = messages();
        List<Tool> tools = tools();
        ToolChoice choice = toolChoice(tools);
        boolean goesOn = flag("continue_final_message", false);
        boolean prompted = flag("add_generation_prompt", !goesOn);
        Conversation conversation = new Conversation(messages, tools, choice, prompted, goesOn);
        conversation.requireContinuable();
        return conversation;
    }

    /** A field, or null when it is absent or null. */
    private static @Nullable JsonNode field(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static InvalidRequest invalid(String param, String problem) {
        return new InvalidRequest(param, "'" + param + "' " + problem + ".");
    }

    private static String string(@Nullable JsonNode value, String param) {
        if (value == null || !value.isString()) {
            throw invalid(param, "must be a string");
        }
        return value.stringValue();
    }

    private boolean flag(String name, boolean byDefault) {
        JsonNode value = field(request, name);
        if (value != null && !value.isBoolean()) {
            throw invalid(name, "must be true or false");
        }
        return value == null ? byDefault : value.booleanValue();
    }

    // Messages

    private List<Message> messages() {
        JsonNode nodes = field(request, "messages");
        if (nodes == null || !nodes.isArray() || nodes.isEmpty()) {
            throw invalid("messages", "must be a list of at least one message");
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            messages.add(message(nodes.get(i), "messages[" + i + "]"));
        }
        return messages;
    }

    private Message message(JsonNode node, String param) {
        if (!node.isObject()) {
            throw invalid(param, "must be an object");
        }
        Role role = role(string(field(node, "role"), param + ".role"), param + ".role");
        List<Message.ToolCall> calls =
                role == Role.ASSISTANT ? toolCalls(node, param + ".tool_calls") : List.of();
        List<Message.Part> parts = content(node, param + ".content", !calls.isEmpty());
        @Nullable String answered =
                role == Role.TOOL ? toolCallId(node, param + ".tool_call_id") : null;
        if (!calls.isEmpty()) {
            openCalls = new HashSet<>(calls.stream().map(Message.ToolCall::id).toList());
        }
        return new Message(role, parts, calls, answered);
    }

    private static Role role(String name, String param) {
        return switch (name) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool", "function", "ipython" -> Role.TOOL;
            default ->
                    throw invalid(
                            param,
                            "must be one of system, developer, user, assistant, tool, function"
                                    + " and ipython");
        };
    }

    private static List<Message.Part> content(JsonNode node, String param, boolean optional) {
        JsonNode content = field(node, "content");
        if (content == null && optional) {
            return List.of();
        }
        if (content != null && content.isString()) {
            return List.of(new Message.Part.Text(content.stringValue()));
        }
        if (content == null || !content.isArray()) {
            throw invalid(param, "must be a string or a list of parts");
        }
        List<Message.Part> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            parts.add(part(content.get(i), param + "[" + i + "]"));
        }
        return parts;
    }

    private static Message.Part part(JsonNode node, String param) {
        if (!node.isObject()) {
            throw invalid(param, "must be an object");
        }
        String type = string(field(node, "type"), param + ".type");
        if (!type.equals("text")) {
            throw invalid(param + ".type", "must be text");
        }
        return new Message.Part.Text(string(field(node, "text"), param + ".text"));
    }

    private static List<Message.ToolCall> toolCalls(JsonNode node, String param) {
        JsonNode nodes = field(node, "tool_calls");
        if (nodes == null) {
            return List.of();
        }
        if (!nodes.isArray()) {
            throw invalid(param, "must be a list");
        }
        List<Message.ToolCall> calls = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            calls.add(toolCall(nodes.get(i), param + "[" + i + "]"));
        }
        return calls;
    }

    private static Message.ToolCall toolCall(JsonNode node, String param) {
        requireFunctionType(node, param);
        JsonNode function = field(node, "function");
        if (function == null || !function.isObject()) {
            throw invalid(param + ".function", "must be an object");
        }
        String name = string(field(function, "name"), param + ".function.name");
        JsonNode arguments = field(function, "arguments");
        return new Message.ToolCall(
                string(field(node, "id"), param + ".id"),
                name,
                arguments == null ? "" : string(arguments, param + ".function.arguments"));
    }

    /** The type of a tool or call: a function, also when nothing is said. */
    private static void requireFunctionType(JsonNode node, String param) {
        if (!node.isObject()) {
            throw invalid(param, "must be an object");
        }
        JsonNode type = field(node, "type");
        if (type != null && !(type.isString() && type.stringValue().equals("function"))) {
            throw invalid(param + ".type", "must be function");
        }
    }

    private @Nullable String toolCallId(JsonNode node, String param) {
        JsonNode id = field(node, "tool_call_id");
        if (id == null) {
            return null;
        }
        String answered = string(id, param);
        if (!openCalls.contains(answered)) {
            throw invalid(param, "names no call of the assistant message before it");
        }
        return answered;
    }

    // Tools

    private List<Tool> tools() {
        JsonNode nodes = field(request, "tools");
        if (nodes == null) {
            return List.of();
        }
        if (!nodes.isArray() || nodes.isEmpty() || nodes.size() > MOST_TOOLS) {
            throw invalid("tools", "must be a list of 1 to " + MOST_TOOLS + " functions");
        }
        List<Tool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            tools.add(tool(nodes.get(i), "tools[" + i + "]", names));
        }
        return tools;
    }

    private static Tool tool(JsonNode node, String param, Set<String> names) {
        JsonNode function = node;
        String path = param;
        if (field(node, "function") != null) {
            requireFunctionType(node, param);
            function = node.get("function");
            path = param + ".function";
        }
        if (!function.isObject()) {
            throw invalid(path, "must be an object");
        }
        String name = string(field(function, "name"), path + ".name");
        if (!isToolName(name)) {
            throw invalid(
                    path + ".name",
                    "must be 1 to " + LONGEST_TOOL_NAME + " letters, digits, '_', '-' and '.'");
        }
        if (!names.add(name)) {
            throw invalid(path + ".name", "is the name of an earlier tool");
        }
        JsonNode parameters = field(function, "parameters");
        if (parameters != null && !parameters.isObject()) {
            throw invalid(path + ".parameters", "must be an object");
        }
        return new Tool(name, function);
    }

    private static boolean isToolName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_TOOL_NAME
                && name.chars().allMatch(c -> TOOL_NAME_CHARACTERS.indexOf(c) >= 0);
    }

    private ToolChoice toolChoice(List<Tool> tools) {
        JsonNode node = field(request, "tool_choice");
        ToolChoice choice =
                node == null
                        ? tools.isEmpty() ? ToolChoice.NONE : ToolChoice.AUTO
                        : toolChoice(node);
        Tools.requirePossible(choice, tools);
        return choice;
    }

    private static ToolChoice toolChoice(JsonNode node) {
        if (node.isString()) {
            return switch (node.stringValue()) {
                case "none" -> ToolChoice.NONE;
                case "auto" -> ToolChoice.AUTO;
                case "required" -> ToolChoice.REQUIRED;
                default -> throw unknownChoice();
            };
        }
        JsonNode function = node.isObject() ? field(node, "function") : null;
        if (function == null || !function.isObject()) {
            throw unknownChoice();
        }
        requireFunctionType(node, "tool_choice");
        return new ToolChoice.Named(string(field(function, "name"), "tool_choice"));
    }

    private static InvalidRequest unknownChoice() {
        return invalid(
                "tool_choice",
                "must be none, auto, required or {\"type\":\"function\",\"function\":{\"name\":…}}");
    }
}
