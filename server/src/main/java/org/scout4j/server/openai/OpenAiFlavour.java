package org.scout4j.server.openai;

import org.scout4j.server.Exchange;
import org.scout4j.server.Problem;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.ServedModel;
import org.scout4j.server.completions.Flavour;
import org.scout4j.server.completions.GenerationRecord;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.ModelField;
import org.scout4j.server.request.SamplingRanges;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Completions as OpenAI has them. */
record OpenAiFlavour(ServedModel model) implements Flavour {

    @Override
    public SamplingRanges ranges() {
        return SamplingRanges.OPENAI;
    }

    @Override
    public int mostChoices() {
        return 8;
    }

    /** What clients written for OpenRouter send to any server changes nothing here. */
    @Override
    public void extend(FieldTable<ChatDraft> table) {
        table.inert("provider", "route", "transforms", "plugins", "usage", "reasoning", "models");
    }

    @Override
    public String model(JsonNode body) {
        String name = ModelField.required(body);
        if (!model.answersTo(name)) {
            throw new ProblemException(Problems.modelNotFound(name));
        }
        return name;
    }

    @Override
    public String idPrefix(boolean chat) {
        return chat ? "chatcmpl-" : "cmpl-";
    }

    @Override
    public boolean usageAlways() {
        return false;
    }

    @Override
    public String keepAlive() {
        return "keep-alive";
    }

    @Override
    public void addHeaders(Exchange exchange, String id) {}

    @Override
    public void decorate(ObjectNode reply) {}

    @Override
    public void decorateEnd(ObjectNode choice, String nativeReason) {}

    @Override
    public void decorateUsage(ObjectNode usage) {}

    @Override
    public ObjectNode errorEvent(Problem problem, ObjectNode chunk) {
        return OpenAiErrors.describe(problem);
    }

    @Override
    public void over(GenerationRecord generation) {}
}
