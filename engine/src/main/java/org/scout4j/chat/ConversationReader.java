package org.scout4j.chat;

import static org.scout4j.chat.JsonFields.field;
import static org.scout4j.chat.JsonFields.invalid;

import java.util.List;
import org.jspecify.annotations.Nullable;
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
 * continue_final_message}. Images are data URLs. Null fields count as absent, unknown ones are
 * ignored. What is malformed is an {@link InvalidRequest} that names the parameter, such as {@code
 * messages[2].content}.
 */
public final class ConversationReader {
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

    private ConversationReader() {}

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
        List<Message> messages = messages(field(request, "messages"), ImageSource.INLINE);
        JsonNode toolNodes = field(request, "tools");
        List<Tool> tools = toolNodes == null ? List.of() : tools(toolNodes, "tools");
        JsonNode choiceNode = field(request, "tool_choice");
        ToolChoice choice =
                choiceNode == null
                        ? tools.isEmpty() ? ToolChoice.NONE : ToolChoice.AUTO
                        : toolChoice(choiceNode);
        Tools.requirePossible(choice, tools);
        boolean goesOn = flag(request, "continue_final_message", false);
        boolean prompted = flag(request, "add_generation_prompt", !goesOn);
        Conversation conversation = new Conversation(messages, tools, choice, prompted, goesOn);
        conversation.requirePossible();
        return conversation;
    }

    /**
     * Reads the value of {@code messages} alone.
     *
     * @param images makes the images that they show
     */
    public static List<Message> messages(@Nullable JsonNode messages, ImageSource images) {
        return new MessageReader(images).read(messages);
    }

    /**
     * Reads the value of {@code tools}, or of the legacy {@code functions}, alone.
     *
     * @param param which of the two it is, for messages
     */
    public static List<Tool> tools(JsonNode tools, String param) {
        return ToolReader.tools(tools, param);
    }

    /** Reads the value of {@code tool_choice} alone. */
    public static ToolChoice toolChoice(JsonNode choice) {
        return ToolReader.choice(choice);
    }

    private static boolean flag(JsonNode request, String name, boolean byDefault) {
        JsonNode value = field(request, name);
        if (value != null && !value.isBoolean()) {
            throw invalid(name, "must be true or false");
        }
        return value == null ? byDefault : value.booleanValue();
    }
}
