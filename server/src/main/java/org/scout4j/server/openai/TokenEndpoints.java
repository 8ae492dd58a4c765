package org.scout4j.server.openai;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.scout4j.CompletionRequest;
import org.scout4j.Scout;
import org.scout4j.chat.Conversation;
import org.scout4j.server.Exchange;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.images.RemoteImages;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.JsonValue;
import org.scout4j.tokenizer.StreamingDecoder;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Text to tokens and back, in the forms of llama-server and vLLM (spec "API" §6). */
final class TokenEndpoints {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ServedModel model;
    private final ServerOptions options;
    private final RemoteImages images;
    private final FieldTable<TokenDraft> tokenizeFields = TokenDraft.tokenize();
    private final FieldTable<TokenDraft> detokenizeFields = TokenDraft.detokenize();
    private final FieldTable<TokenDraft> templateFields = TokenDraft.applyTemplate();

    TokenEndpoints(ServedModel model, ServerOptions options, RemoteImages images) {
        this.model = model;
        this.options = options;
        this.images = images;
    }

    private TokenDraft read(Exchange exchange, Scout scout, FieldTable<TokenDraft> fields) {
        TokenDraft draft = new TokenDraft(scout.tokenizer().vocabularySize(), images.ofRequest());
        fields.read(exchange.body(), draft, options.strictFields());
        return draft;
    }

    void tokenize(Exchange exchange) {
        Scout scout = model.scout();
        TokenDraft draft = read(exchange, scout, tokenizeFields);
        if (draft.content != null) {
            int[] tokens = tokens(scout, draft.content, draft.parseSpecial, draft.addSpecial);
            exchange.reply(200, llamaForm(scout, tokens, draft.withPieces));
        } else if (draft.prompt != null) {
            int[] tokens = tokens(scout, draft.prompt, draft.parseSpecial, draft.addSpecialTokens);
            exchange.reply(200, vllmForm(scout, tokens, draft.withStrings));
        } else if (draft.chat != null) {
            int[] tokens = scout.promptTokens(conversation(draft.chat, scout, exchange));
            exchange.reply(200, vllmForm(scout, tokens, draft.withStrings));
        } else {
            throw JsonValue.missing("content");
        }
    }

    private static Conversation conversation(ChatDraft chat, Scout scout, Exchange exchange) {
        return chat.images().fetched(chat.conversation(), scout.readsImages(), exchange);
    }

    private static int[] tokens(Scout scout, String text, boolean parse, boolean begin) {
        return scout.promptTokens(new CompletionRequest.Text(text, parse, begin));
    }

    private static ObjectNode llamaForm(Scout scout, int[] tokens, boolean pieces) {
        ObjectNode reply = JSON.objectNode();
        ArrayNode list = reply.putArray("tokens");
        for (int token : tokens) {
            if (pieces) {
                putPiece(list.addObject().put("id", token), scout.tokenizer().bytes(token));
            } else {
                list.add(token);
            }
        }
        return reply;
    }

    /** As text, or as bytes when a character is spread over several tokens. */
    private static void putPiece(ObjectNode entry, byte[] bytes) {
        try {
            entry.put(
                    "piece",
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException partial) {
            ArrayNode list = entry.putArray("piece");
            for (byte b : bytes) {
                list.add(Byte.toUnsignedInt(b));
            }
        }
    }

    private static ObjectNode vllmForm(Scout scout, int[] tokens, boolean strings) {
        ObjectNode reply = JSON.objectNode();
        putTokens(reply, tokens);
        reply.put("count", tokens.length).put("max_model_len", scout.contextLength());
        if (strings) {
            ArrayNode list = reply.putArray("token_strs");
            for (int token : tokens) {
                list.add(new String(scout.tokenizer().bytes(token), StandardCharsets.UTF_8));
            }
        }
        return reply;
    }

    private static void putTokens(ObjectNode reply, int[] tokens) {
        ArrayNode list = reply.putArray("tokens");
        for (int token : tokens) {
            list.add(token);
        }
    }

    void detokenize(Exchange exchange) {
        Scout scout = model.scout();
        int[] tokens = read(exchange, scout, detokenizeFields).tokens;
        if (tokens == null) {
            throw JsonValue.missing("tokens");
        }
        StreamingDecoder decoder = scout.tokenizer().streamingDecoder(true);
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(decoder.accept(token));
        }
        text.append(decoder.flush());
        exchange.reply(
                200,
                JSON.objectNode().put("content", text.toString()).put("prompt", text.toString()));
    }

    void applyTemplate(Exchange exchange) {
        Scout scout = model.scout();
        TokenDraft draft = read(exchange, scout, templateFields);
        if (draft.chat == null) {
            throw JsonValue.missing("messages");
        }
        Conversation conversation = conversation(draft.chat, scout, exchange);
        ObjectNode reply = JSON.objectNode();
        reply.put("prompt", scout.promptText(conversation));
        putTokens(reply, scout.promptTokens(conversation));
        exchange.reply(200, reply);
    }
}
