package org.scout4j.server.openrouter;

import java.time.Instant;
import java.util.List;
import org.scout4j.Scout;
import org.scout4j.server.Exchange;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.ServedModel;
import org.scout4j.server.completions.GenerationRecord;
import org.scout4j.server.request.JsonValue;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What OpenRouter tells of models and generations; everything is free here. */
final class Catalogue {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> SUPPORTED =
            List.of(
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "min_p",
                    "frequency_penalty",
                    "presence_penalty",
                    "repetition_penalty",
                    "logit_bias",
                    "logprobs",
                    "top_logprobs",
                    "seed",
                    "stop");

    private final ServedModel model;
    private final GenerationLog log;

    Catalogue(ServedModel model, GenerationLog log) {
        this.model = model;
        this.log = log;
    }

    void models(Exchange exchange) {
        Scout scout = model.scout();
        ObjectNode reply = JSON.objectNode();
        ObjectNode entry = reply.putArray("data").addObject();
        describe(entry, model.names().getFirst(), scout);
        putPricing(entry);
        entry.putObject("top_provider")
                .put("context_length", scout.contextLength())
                .put("max_completion_tokens", scout.contextLength())
                .put("is_moderated", false);
        entry.putNull("per_request_limits");
        putSupported(entry);
        entry.putObject("default_parameters").put("temperature", 1).put("top_p", 1);
        exchange.reply(200, reply);
    }

    private void describe(ObjectNode entry, String name, Scout scout) {
        entry.put("id", name)
                .put("canonical_slug", name)
                .put("name", scout.name())
                .put("created", model.created().getEpochSecond())
                .put("description", "Served by scout4j on this machine.")
                .put("context_length", scout.contextLength());
        boolean sees = scout.readsImages();
        ObjectNode architecture =
                entry.putObject("architecture")
                        .put("modality", sees ? "text+image->text" : "text->text")
                        .put("tokenizer", "Llama4")
                        .put("instruct_type", "llama4");
        ArrayNode input = architecture.putArray("input_modalities").add("text");
        if (sees) {
            input.add("image");
        }
        architecture.putArray("output_modalities").add("text");
    }

    private static void putPricing(ObjectNode entry) {
        entry.putObject("pricing")
                .put("prompt", "0")
                .put("completion", "0")
                .put("request", "0")
                .put("image", "0");
    }

    private static void putSupported(ObjectNode entry) {
        ArrayNode supported = entry.putArray("supported_parameters");
        SUPPORTED.forEach(supported::add);
    }

    /** The path is {@code <author>/<slug>/endpoints}. */
    void endpoints(Exchange exchange) {
        String path = exchange.pathParameter();
        String end = "/endpoints";
        String name = path.endsWith(end) ? path.substring(0, path.length() - end.length()) : "";
        if (name.isEmpty()) {
            throw new ProblemException(Problems.notFound());
        }
        if (!model.answersTo(name)) {
            throw new ProblemException(Problems.modelNotFound(name));
        }
        Scout scout = model.scout();
        ObjectNode reply = JSON.objectNode();
        ObjectNode data = reply.putObject("data");
        describe(data, name, scout);
        ObjectNode endpoint = data.putArray("endpoints").addObject();
        endpoint.put("name", "scout4j | " + name)
                .put("provider_name", "scout4j")
                .put("context_length", scout.contextLength())
                .put("max_completion_tokens", scout.contextLength())
                .put("status", 0);
        putPricing(endpoint);
        putSupported(endpoint);
        exchange.reply(200, reply);
    }

    void generation(Exchange exchange) {
        String id = exchange.query("id").orElseThrow(() -> JsonValue.missing("id"));
        GenerationRecord found =
                log.find(id).orElseThrow(() -> new ProblemException(Problems.notFound()));
        ObjectNode reply = JSON.objectNode();
        reply.putObject("data")
                .put("id", found.id())
                .put("model", found.model())
                .put("created_at", Instant.ofEpochSecond(found.createdSeconds()).toString())
                .put("provider_name", "scout4j")
                .put("tokens_prompt", found.promptTokens())
                .put("tokens_completion", found.completionTokens())
                .put("native_tokens_prompt", found.promptTokens())
                .put("native_tokens_completion", found.completionTokens())
                .put("native_tokens_cached", found.cachedTokens())
                .put("native_tokens_reasoning", 0)
                .put("num_media_prompt", found.images())
                .put("finish_reason", found.finishReason())
                .put("native_finish_reason", found.nativeReason())
                .put("latency", found.latency().toMillis())
                .put("generation_time", found.generationTime().toMillis())
                .put("total_cost", 0)
                .put("streamed", found.streamed())
                .put("cancelled", found.cancelled());
        exchange.reply(200, reply);
    }
}
