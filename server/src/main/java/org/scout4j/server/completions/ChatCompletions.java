package org.scout4j.server.completions;

import java.util.List;
import java.util.OptionalInt;
import org.scout4j.ChatRequest;
import org.scout4j.Scout;
import org.scout4j.chat.Conversation;
import org.scout4j.server.Exchange;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.images.RemoteImages;
import org.scout4j.server.request.AnswerDraft;
import org.scout4j.server.request.AnswerPlan;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.ChatFields;
import org.scout4j.server.request.FieldTable;
import tools.jackson.databind.node.ObjectNode;

/** Answers conversations (spec "API" §1, §2). */
public final class ChatCompletions {
    private final Flavour flavour;
    private final ServedModel model;
    private final ServerOptions options;
    private final RemoteImages images;
    private final Endpoint endpoint;
    private final FieldTable<ChatDraft> fields;

    public ChatCompletions(
            Flavour flavour, ServedModel model, ServerOptions options, RemoteImages images) {
        this.flavour = flavour;
        this.model = model;
        this.options = options;
        this.images = images;
        this.endpoint = new Endpoint(flavour, options);
        this.fields = ChatFields.table(flavour.ranges(), flavour.mostChoices());
        flavour.extend(fields);
    }

    /** Handles one request. */
    public void handle(Exchange exchange) {
        Scout scout = model.scout();
        ObjectNode body = exchange.body();
        String name = flavour.model(body);
        ChatDraft draft = draft(scout);
        List<String> unknown = fields.read(body, draft, options.strictFields());
        AnswerPlan plan = draft.answer().plan(flavour.usageAlways());
        Endpoint.tellIgnored(exchange, unknown);
        ChatRequest request = new ChatRequest(conversation(scout, draft, exchange), plan.options());
        endpoint.serve(
                exchange,
                scout,
                new Endpoint.Task(
                        List.of((choices, dispatch) -> scout.streams(request, choices, dispatch)),
                        plan,
                        plan.choices(),
                        "messages",
                        draft.images().count()),
                new ChatForm(
                        scout.tokenizer(),
                        plan.options().topLogprobs().isPresent(),
                        draft.legacy()),
                name,
                true);
    }

    /** Handles a request to count the tokens that a conversation becomes. */
    public void countTokens(Exchange exchange) {
        Scout scout = model.scout();
        ObjectNode body = exchange.body();
        flavour.model(body);
        ChatDraft draft = draft(scout);
        Endpoint.tellIgnored(exchange, fields.read(body, draft, options.strictFields()));
        ObjectNode reply = body.objectNode().put("object", "response.input_tokens");
        Conversation conversation =
                draft.images().fetched(draft.conversation(), scout.readsImages(), exchange);
        exchange.reply(200, reply.put("input_tokens", scout.promptTokens(conversation).length));
    }

    private ChatDraft draft(Scout scout) {
        return new ChatDraft(
                new AnswerDraft(
                        scout.tokenizer().vocabularySize(), flavour.ranges(), OptionalInt.empty()),
                images.ofRequest());
    }

    private static Conversation conversation(Scout scout, ChatDraft draft, Exchange exchange) {
        Conversation conversation =
                draft.images().fetched(draft.conversation(), scout.readsImages(), exchange);
        return draft.middleOut() ? MiddleOut.fit(scout, conversation) : conversation;
    }
}
