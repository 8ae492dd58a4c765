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
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.JsonNode;

/** Reads tools and the choice among them. */
final class ToolReader {
    private static final int MOST_TOOLS = 128;
    private static final int LONGEST_TOOL_NAME = 64;
    private static final String TOOL_NAME_CHARACTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

    private ToolReader() {}

    static List<Tool> tools(JsonNode nodes, String param) {
        if (!nodes.isArray() || nodes.isEmpty() || nodes.size() > MOST_TOOLS) {
            throw invalid(param, "must be a list of 1 to " + MOST_TOOLS + " functions");
        }
        List<Tool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            tools.add(tool(nodes.get(i), param + "[" + i + "]", names));
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
        object(function, path);
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
        return new Tool(name, function, path);
    }

    private static boolean isToolName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_TOOL_NAME
                && name.chars().allMatch(c -> TOOL_NAME_CHARACTERS.indexOf(c) >= 0);
    }

    static ToolChoice choice(JsonNode node) {
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
