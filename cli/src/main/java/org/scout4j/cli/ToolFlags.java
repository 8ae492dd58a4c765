package org.scout4j.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tools that the answer may call. */
final class ToolFlags {
    @Option(
            names = "--tools",
            paramLabel = "FILE",
            description =
                    "Functions the model may call: a JSON list of OpenAI's tools, or of bare"
                            + " functions. Calls are printed, not made.")
    @Nullable String file;

    @Option(
            names = "--tool-choice",
            paramLabel = "CHOICE",
            description =
                    "auto, none, required, or the name of the function to call. Default: auto.")
    @Nullable String choice;

    /**
     * @throws InvalidRequest if the file cannot be read or holds no tools
     */
    List<Tool> tools(Surroundings here) {
        if (file == null) {
            if (choice != null) {
                throw new InvalidRequest(
                        "tool_choice", "--tool-choice is about tools.", "Add --tools FILE.");
            }
            return List.of();
        }
        return tools(file, here);
    }

    /**
     * The tools in a file.
     *
     * @throws InvalidRequest if it cannot be read or holds no tools
     */
    static List<Tool> tools(String file, Surroundings here) {
        String text = InputText.ofFile(file, here);
        JsonMapper mapper =
                JsonMapper.builder()
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .build();
        try {
            JsonNode node = mapper.readTree(text);
            boolean one = node.isObject() && (node.has("name") || node.has("function"));
            return ConversationReader.tools(
                    one ? mapper.createArrayNode().add(node) : node, "tools");
        } catch (JacksonException e) {
            throw new InvalidRequest(
                    "tools", file + " is not JSON: " + e.getOriginalMessage() + ".");
        }
    }

    ToolChoice choice() {
        if (choice == null) {
            return ToolChoice.AUTO;
        }
        return switch (choice) {
            case "auto" -> ToolChoice.AUTO;
            case "none" -> ToolChoice.NONE;
            case "required" -> ToolChoice.REQUIRED;
            default -> new ToolChoice.Named(choice);
        };
    }
}
