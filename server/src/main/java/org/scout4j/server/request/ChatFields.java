package org.scout4j.server.request;

import java.util.List;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import tools.jackson.databind.JsonNode;

/** The fields of a request for chat that OpenAI's API has, with the extensions of others. */
public final class ChatFields {
    private static final String NOT_YET = "is not supported by this version yet";
    private static final String NEVER = "is not supported by this server";
    private static final List<String> FORMATS = List.of("text", "json_object", "json_schema");

    private ChatFields() {}

    /**
     * All of them.
     *
     * @param mostChoices largest {@code n}
     */
    public static FieldTable<ChatDraft> table(SamplingRanges ranges, int mostChoices) {
        FieldTable<ChatDraft> table = new FieldTable<>();
        AnswerFields.addTo(table, ChatDraft::answer, ranges, mostChoices);
        AnswerFields.addChatTo(table, ChatDraft::answer);
        conversation(table);
        constraints(table);
        inert(table);
        table.refused(NEVER, "audio", "web_search_options", "suffix");
        table.refused(NEVER, "prompt_embeds", "chat_template");
        table.field("modalities", ChatFields::modalities);
        return table;
    }

    /** The fields that make up a conversation, and no others. */
    public static void conversation(FieldTable<ChatDraft> table) {
        table.field(
                "messages",
                (draft, value) -> draft.messages(ConversationReader.messages(value.node())));
        table.field("tools", ChatFields::tools);
        table.field("functions", ChatFields::tools);
        table.field("tool_choice", ChatFields::toolChoice);
        table.field("function_call", ChatFields::functionCall);
        table.field("parallel_tool_calls", (draft, value) -> value.flag());
        table.field(
                "continue_final_message",
                (draft, value) -> draft.continueFinalMessage(value.flag()));
        table.field(
                "add_generation_prompt", (draft, value) -> draft.generationPrompt(value.flag()));
        table.field("chat_template_kwargs", (draft, value) -> value.object());
    }

    private static void constraints(FieldTable<ChatDraft> table) {
        table.field("response_format", ChatFields::responseFormat);
        table.field("structured_outputs", ChatFields::structuredOutputs);
        table.field(
                "json_schema",
                (draft, value) -> {
                    requireSchema(value);
                    throw value.unsupported(NOT_YET);
                });
        table.field(
                "grammar",
                (draft, value) -> {
                    value.string();
                    throw value.unsupported(NOT_YET);
                });
        table.refused(NOT_YET, "guided_json", "guided_regex", "guided_choice", "guided_grammar");
    }

    /** Known, and without effect on the answer (spec "API" §0). */
    public static void inert(FieldTable<?> table) {
        table.inert(
                "model",
                "user",
                "metadata",
                "store",
                "service_tier",
                "safety_identifier",
                "prompt_cache_key",
                "prompt_cache_retention",
                "verbosity",
                "prediction",
                "reasoning_effort");
    }

    private static void modalities(ChatDraft draft, JsonValue value) {
        for (JsonValue modality : value.items(0, 8)) {
            if (modality.as(value.param()).string().equals("audio")) {
                throw value.unsupported("must be [\"text\"]: this server answers with text only");
            }
        }
    }

    private static void tools(ChatDraft draft, JsonValue value) {
        List<Tool> tools = ConversationReader.tools(value.node(), value.param());
        for (int i = 0; i < tools.size(); i++) {
            JsonNode wrapped = value.node().get(i).get("function");
            String path = value.param() + "[" + i + "]" + (wrapped == null ? "" : ".function");
            JsonNode parameters = tools.get(i).definition().get("parameters");
            if (parameters != null && !parameters.isNull()) {
                requireSchema(new JsonValue(path + ".parameters", parameters));
            }
        }
        draft.tools(tools);
    }

    private static void toolChoice(ChatDraft draft, JsonValue value) {
        JsonNode type = value.node().isObject() ? value.node().get("type") : null;
        if (type != null && type.isString() && type.stringValue().equals("allowed_tools")) {
            allowedTools(draft, value);
        } else {
            draft.toolChoice(value, ConversationReader.toolChoice(value.node()), List.of());
        }
    }

    private static void allowedTools(ChatDraft draft, JsonValue value) {
        JsonValue inner = value.required("allowed_tools");
        boolean must = inner.required("mode").oneOf(List.of("auto", "required")).equals("required");
        List<String> names =
                inner.required("tools").items(1, 128).stream()
                        .map(tool -> tool.required("function").required("name").string())
                        .distinct()
                        .toList();
        draft.toolChoice(value, must ? ToolChoice.REQUIRED : ToolChoice.AUTO, names);
    }

    private static void functionCall(ChatDraft draft, JsonValue value) {
        ToolChoice choice =
                value.node().isObject()
                        ? new ToolChoice.Named(value.required("name").string())
                        : value.oneOf(List.of("none", "auto")).equals("none")
                                ? ToolChoice.NONE
                                : ToolChoice.AUTO;
        draft.toolChoice(value, choice, List.of());
    }

    private static void responseFormat(ChatDraft draft, JsonValue value) {
        String format = value.required("type").oneOf(FORMATS);
        if (format.equals("text")) {
            return;
        }
        if (format.equals("json_schema")) {
            JsonValue wrapper = value.required("json_schema").object();
            wrapper.field("name").ifPresent(JsonValue::string);
            wrapper.field("description").ifPresent(JsonValue::string);
            wrapper.field("strict").ifPresent(JsonValue::flag);
            requireSchema(wrapper.required("schema"));
        }
        throw value.unsupported(
                "of type " + format + " is not supported by this version yet; only text is");
    }

    /** OpenRouter's flag says what the client can read; vLLM's object asks for a constraint. */
    private static void structuredOutputs(ChatDraft draft, JsonValue value) {
        if (value.node().isBoolean()) {
            return;
        }
        value.object();
        value.field("json").filter(v -> !v.node().isString()).ifPresent(ChatFields::requireSchema);
        value.field("regex").ifPresent(JsonValue::string);
        value.field("grammar").ifPresent(JsonValue::string);
        value.field("choice")
                .ifPresent(choice -> choice.items(1, 1_000).forEach(JsonValue::string));
        throw value.unsupported(NOT_YET);
    }

    private static void requireSchema(JsonValue value) {
        SchemaCheck.fault(value.node())
                .ifPresent(fault -> {
                    throw value.invalid(fault);
                });
    }
}
