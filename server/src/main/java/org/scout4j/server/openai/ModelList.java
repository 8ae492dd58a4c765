package org.scout4j.server.openai;

import org.scout4j.Scout;
import org.scout4j.server.Exchange;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.ServedModel;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is served. */
final class ModelList {
    private final ServedModel model;

    ModelList(ServedModel model) {
        this.model = model;
    }

    void list(Exchange exchange) {
        ObjectNode reply = JsonNodeFactory.instance.objectNode().put("object", "list");
        reply.putArray("data").add(entry(model.names().getFirst(), model.scout()));
        exchange.reply(200, reply);
    }

    void one(Exchange exchange) {
        String name = exchange.pathParameter();
        if (!model.answersTo(name)) {
            throw new ProblemException(Problems.modelNotFound(name));
        }
        exchange.reply(200, entry(name, model.scout()));
    }

    private ObjectNode entry(String name, Scout scout) {
        ObjectNode entry =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", name)
                        .put("object", "model")
                        .put("created", model.created().getEpochSecond())
                        .put("owned_by", "meta")
                        .put("max_model_len", scout.contextLength())
                        .put("root", model.names().getFirst());
        entry.putObject("meta")
                .put("name", scout.name())
                .put("n_params", scout.parameters())
                .put("quantization", scout.weightType())
                .put("vocabulary", scout.tokenizer().vocabularySize())
                .put("context", scout.contextLength())
                .put("vision", scout.readsImages());
        return entry;
    }
}
