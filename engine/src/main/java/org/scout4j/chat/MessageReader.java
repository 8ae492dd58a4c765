package org.scout4j.chat;

import static org.scout4j.chat.JsonFields.field;
import static org.scout4j.chat.JsonFields.invalid;
import static org.scout4j.chat.JsonFields.object;
import static org.scout4j.chat.JsonFields.requireFunctionType;
import static org.scout4j.chat.JsonFields.string;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Message.Role;
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.JsonNode;

/** Reads the messages of a conversation, in order; the first fault ends it. */
final class MessageReader {
    /** Spec "Reliability" L-7. */
    static final int MOST_MESSAGES = 2_048;

    private static final int MOST_PARTS = 256;

    private final ImageSource images;

    /** The calls of the latest assistant message that made any. */
    private Set<String> openCalls = Set.of();

    MessageReader(ImageSource images) {
        this.images = images;
    }

    List<Message> read(@Nullable JsonNode nodes) {
        if (nodes == null || !nodes.isArray() || nodes.isEmpty()) {
            throw invalid("messages", "must be a list of at least one message");
        }
        if (nodes.size() > MOST_MESSAGES) {
            throw invalid(
                    "messages", "has " + nodes.size() + " messages, the most is " + MOST_MESSAGES);
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            messages.add(message(nodes.get(i), "messages[" + i + "]"));
        }
        return messages;
    }

    private Message message(JsonNode node, String param) {
        object(node, param);
        Role role = role(string(field(node, "role"), param + ".role"), param + ".role");
        List<Message.ToolCall> calls = role == Role.ASSISTANT ? calls(node, param) : List.of();
        List<Message.Part> parts = content(node, role, param + ".content", !calls.isEmpty());
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

    private List<Message.Part> content(JsonNode node, Role role, String param, boolean optional) {
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
        if (content.size() > MOST_PARTS) {
            throw invalid(param, "has " + content.size() + " parts, the most is " + MOST_PARTS);
        }
        List<Message.Part> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            parts.add(part(content.get(i), role, param + "[" + i + "]"));
        }
        return parts;
    }

    private Message.Part part(JsonNode node, Role role, String param) {
        object(node, param);
        String type = string(field(node, "type"), param + ".type");
        return switch (type) {
            case "text" -> new Message.Part.Text(string(field(node, "text"), param + ".text"));
            // What an assistant's own earlier reply may hold.
            case "refusal" ->
                    new Message.Part.Text(string(field(node, "refusal"), param + ".refusal"));
            case "image_url" -> image(node, role, param);
            case "input_audio", "audio", "file", "video", "video_url" ->
                    throw unsupported(param + ".type", "is " + type + ", which is not supported");
            default -> throw invalid(param + ".type", "must be text or image_url");
        };
    }

    /** An image; its URL stands in an object, or alone as other services have it. */
    private Message.Part image(JsonNode node, Role role, String param) {
        if (role != Role.USER) {
            throw new InvalidRequest(
                    param + ".type",
                    InvalidRequest.UNSUPPORTED,
                    "'" + param + ".type' is image_url, and only users can show images.",
                    "Put the image into a user message.");
        }
        JsonNode image = field(node, "image_url");
        String imageParam = param + ".image_url";
        if (image != null && image.isString()) {
            ImageData.Detail detail = detail(field(node, "detail"), param + ".detail");
            return new Message.Part.Image(images.image(image.stringValue(), detail, imageParam));
        }
        String urlParam = imageParam + ".url";
        JsonNode fields = object(image, imageParam);
        String url = string(field(fields, "url"), urlParam);
        ImageData.Detail detail = detail(field(fields, "detail"), imageParam + ".detail");
        return new Message.Part.Image(images.image(url, detail, urlParam));
    }

    private static ImageData.Detail detail(@Nullable JsonNode detail, String param) {
        return switch (detail == null ? "auto" : string(detail, param)) {
            case "low" -> ImageData.Detail.LOW;
            case "high", "auto", "original" -> ImageData.Detail.HIGH;
            default -> throw invalid(param, "must be one of auto, low, high and original");
        };
    }

    private static InvalidRequest unsupported(String param, String problem) {
        return new InvalidRequest(
                param,
                InvalidRequest.UNSUPPORTED,
                "'" + param + "' " + problem + ".",
                "Send text and images only.");
    }

    /** The calls of an assistant message, in today's form or as the one call of the legacy form. */
    private static List<Message.ToolCall> calls(JsonNode node, String param) {
        JsonNode legacy = field(node, "function_call");
        if (legacy != null && field(node, "tool_calls") == null) {
            return List.of(call(legacy, "", param + ".function_call"));
        }
        JsonNode nodes = field(node, "tool_calls");
        if (nodes == null) {
            return List.of();
        }
        if (!nodes.isArray()) {
            throw invalid(param + ".tool_calls", "must be a list");
        }
        List<Message.ToolCall> calls = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            calls.add(toolCall(nodes.get(i), param + ".tool_calls[" + i + "]"));
        }
        return calls;
    }

    private static Message.ToolCall toolCall(JsonNode node, String param) {
        requireFunctionType(node, param);
        JsonNode function = object(field(node, "function"), param + ".function");
        return call(function, string(field(node, "id"), param + ".id"), param + ".function");
    }

    private static Message.ToolCall call(JsonNode function, String id, String param) {
        String name = string(field(object(function, param), "name"), param + ".name");
        JsonNode arguments = field(function, "arguments");
        return new Message.ToolCall(
                id, name, arguments == null ? "" : string(arguments, param + ".arguments"));
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
}
