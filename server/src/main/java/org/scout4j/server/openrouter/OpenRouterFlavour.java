package org.scout4j.server.openrouter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.server.Exchange;
import org.scout4j.server.Problem;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.ServedModel;
import org.scout4j.server.completions.Flavour;
import org.scout4j.server.completions.GenerationRecord;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.JsonValue;
import org.scout4j.server.request.ModelField;
import org.scout4j.server.request.SamplingRanges;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Completions as OpenRouter has them. */
record OpenRouterFlavour(ServedModel model, GenerationLog log) implements Flavour {
    private static final int MOST_MODELS = 64;
    private static final int MOST_PLUGINS = 16;

    @Override
    public SamplingRanges ranges() {
        return SamplingRanges.OPENROUTER;
    }

    @Override
    public int mostChoices() {
        return 1;
    }

    @Override
    public void extend(FieldTable<ChatDraft> table) {
        table.inert("models", "provider", "route", "usage", "reasoning", "include_reasoning");
        table.inert("HTTP-Referer", "X-Title");
        table.field("prompt", (draft, value) -> draft.prompt(value.string()));
        table.field("transforms", OpenRouterFlavour::transforms);
        table.field("plugins", OpenRouterFlavour::plugins);
    }

    private static void transforms(ChatDraft draft, JsonValue value) {
        for (JsonValue transform : value.items(0, 1)) {
            transform.as(value.param()).oneOf(List.of("middle-out"));
            draft.middleOut(true);
        }
    }

    private static void plugins(ChatDraft draft, JsonValue value) {
        for (JsonValue plugin : value.items(0, MOST_PLUGINS)) {
            if (!plugin.required("id").string().equals("response-healing")) {
                throw value.unsupported(
                        "may hold response-healing only: this server has no others");
            }
        }
    }

    /** The model asked for, or the first of the alternatives that is served. */
    @Override
    public String model(JsonNode body) {
        List<String> wanted = new ArrayList<>();
        @Nullable JsonNode alternatives = body.get("models");
        boolean choice = alternatives != null && !alternatives.isNull();
        if (!choice || body.hasNonNull("model")) {
            wanted.add(ModelField.required(body));
        }
        if (alternatives != null && choice) {
            new JsonValue("models", alternatives)
                    .items(1, MOST_MODELS)
                    .forEach(name -> wanted.add(name.string()));
        }
        return served(
                wanted.stream().filter(model::answersTo).findFirst().orElse(wanted.getFirst()));
    }

    private String served(String name) {
        if (!model.answersTo(name)) {
            throw new ProblemException(
                    Problems.invalid(
                            "model",
                            "model_not_found",
                            Problems.quoted(name)
                                    + " is not a valid model ID. GET /api/v1/models lists those"
                                    + " that are."));
        }
        return name;
    }

    @Override
    public String idPrefix(boolean chat) {
        return "gen-";
    }

    @Override
    public boolean usageAlways() {
        return true;
    }

    @Override
    public String keepAlive() {
        return "OPENROUTER PROCESSING";
    }

    @Override
    public void addHeaders(Exchange exchange, String id) {
        exchange.replyHeader("X-Generation-Id", id);
    }

    @Override
    public void decorate(ObjectNode reply) {
        reply.put("provider", "scout4j");
    }

    @Override
    public void decorateEnd(ObjectNode choice, String nativeReason) {
        choice.put("native_finish_reason", nativeReason);
    }

    @Override
    public void decorateUsage(ObjectNode usage) {
        usage.put("cost", 0);
    }

    @Override
    public ObjectNode errorEvent(Problem problem, ObjectNode chunk) {
        chunk.setAll(OpenRouterErrors.describe(problem));
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta").put("content", "");
        choice.put("finish_reason", "error").put("native_finish_reason", "error");
        return chunk;
    }

    @Override
    public void over(GenerationRecord generation) {
        log.add(generation);
    }
}
