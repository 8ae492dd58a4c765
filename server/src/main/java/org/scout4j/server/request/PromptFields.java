package org.scout4j.server.request;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The fields of a request for text completions (spec "API" §4). */
public final class PromptFields {
    private static final int MOST_PROMPTS = 64;

    private PromptFields() {}

    /**
     * All of them.
     *
     * @param mostChoices largest {@code n} and {@code best_of}
     */
    public static FieldTable<PromptDraft> table(SamplingRanges ranges, int mostChoices) {
        FieldTable<PromptDraft> table = new FieldTable<>();
        AnswerFields.addTo(table, PromptDraft::answer, ranges, mostChoices);
        AnswerFields.addTextTo(table, PromptDraft::answer);
        table.inert("model", "user", "prompt_cache_key");
        table.inert("models", "provider", "route", "transforms", "plugins", "usage", "reasoning");
        table.refused("is not supported by this server", "suffix", "prompt_embeds");
        FormatFields.addTo(table, PromptDraft::answer);
        table.field("prompt", (draft, value) -> draft.prompts(prompts(draft, value)));
        table.field("add_special_tokens", (draft, value) -> draft.addSpecials(value.flag()));
        table.field("parse_special", (draft, value) -> draft.parseSpecials(value.flag()));
        table.field("echo", (draft, value) -> draft.echo(value.flag()));
        table.field("best_of", (draft, value) -> draft.bestOf((int) value.integer(1, mostChoices)));
        return table;
    }

    private static List<PromptDraft.Given> prompts(PromptDraft draft, JsonValue value) {
        JsonNode node = value.node();
        if (node.isString()) {
            return List.of(new PromptDraft.Given.Text(node.stringValue()));
        }
        if (!node.isArray() || node.isEmpty()) {
            throw form(value);
        }
        int vocabulary = draft.answer().vocabulary();
        if (node.get(0).isNumber()) {
            return List.of(new PromptDraft.Given.Ids(tokenIds(value, vocabulary)));
        }
        if (node.size() > MOST_PROMPTS) {
            throw value.invalid("must hold at most " + MOST_PROMPTS + " prompts");
        }
        List<PromptDraft.Given> prompts = new ArrayList<>();
        for (JsonNode prompt : node) {
            prompts.add(one(value, prompt, node.get(0).isString(), vocabulary));
        }
        return prompts;
    }

    private static PromptDraft.Given one(
            JsonValue value, JsonNode prompt, boolean texts, int vocabulary) {
        if (texts && prompt.isString()) {
            return new PromptDraft.Given.Text(prompt.stringValue());
        }
        if (texts || !prompt.isArray()) {
            throw form(value);
        }
        return new PromptDraft.Given.Ids(
                tokenIds(new JsonValue(value.param(), prompt), vocabulary));
    }

    private static RuntimeException form(JsonValue value) {
        return value.invalid(
                "must be a string, a list of strings, a list of token ids or a list of such"
                        + " lists, not empty");
    }

    /**
     * Reads a list of token ids; faults are told under the list's own name.
     *
     * @param vocabulary number of token ids
     */
    public static int[] tokenIds(JsonValue value, int vocabulary) {
        if (!value.node().isArray()) {
            throw value.invalid("must be a list of token ids");
        }
        int[] ids = new int[value.node().size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] =
                    (int)
                            new JsonValue(value.param(), value.node().get(i))
                                    .integer(0, vocabulary - 1L);
        }
        return ids;
    }
}
