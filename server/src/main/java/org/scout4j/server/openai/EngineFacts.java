package org.scout4j.server.openai;

import org.scout4j.Scout;
import org.scout4j.engine.EngineStatus;
import org.scout4j.server.Exchange;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What llama-server tells of itself, under its names. */
final class EngineFacts {
    private final ServedModel model;
    private final ServerOptions options;

    EngineFacts(ServedModel model, ServerOptions options) {
        this.model = model;
        this.options = options;
    }

    void props(Exchange exchange) {
        Scout scout = model.scout();
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        reply.putObject("default_generation_settings").put("n_ctx", scout.contextLength());
        reply.put("total_slots", scout.status().slots());
        reply.put("model_alias", model.names().getFirst());
        reply.put("model_name", scout.name());
        reply.put("backend", scout.backendName());
        reply.putObject("modalities").put("vision", scout.readsImages()).put("audio", false);
        reply.put("build_info", options.build());
        exchange.reply(200, reply);
    }

    /** Sequences have no fixed place, so the busy slots are simply the first ones. */
    void slots(Exchange exchange) {
        Scout scout = model.scout();
        EngineStatus status = scout.status();
        ArrayNode reply = JsonNodeFactory.instance.arrayNode();
        for (int slot = 0; slot < status.slots(); slot++) {
            reply.addObject()
                    .put("id", slot)
                    .put("n_ctx", scout.contextLength())
                    .put("is_processing", slot < status.running());
        }
        exchange.reply(200, reply);
    }
}
