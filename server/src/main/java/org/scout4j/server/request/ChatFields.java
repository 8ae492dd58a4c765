package org.scout4j.server.request;

import java.util.List;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.ToolChoice;
import tools.jackson.databind.JsonNode;

/** The fields of a request for chat that OpenAI's API has, with the extensions of others. */
public final class ChatFields {
    private static final String NEVER = "is not supported by this server";

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
        FormatFields.addTo(table, ChatDraft::answer);
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
                (draft, value) ->
                        draft.messages(ConversationReader.messages(value.node(), draft.images())));
        table.field(
                "tools",
                (draft, value) ->
                        draft.tools(value, ConversationReader.tools(value.node(), value.param())));
        table.field(
                "functions",
                (draft, value) ->
                        draft.functions(
                                value, ConversationReader.tools(value.node(), value.param())));
        table.field("tool_choice", ChatFields::toolChoice);
        table.field("function_call", ChatFields::functionCall);
        table.field("parallel_tool_calls", (draft, value) -> draft.parallelCalls(value.flag()));
        table.field(
                "continue_final_message",
                (draft, value) -> draft.continueFinalMessage(value.flag()));
        table.field(
                "add_generation_prompt", (draft, value) -> draft.generationPrompt(value.flag()));
        table.field("chat_template_kwargs", (draft, value) -> value.object());
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
}
