package org.scout4j.server.completions;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Choices as messages of an assistant (spec "API" §1, §2). */
final class ChatForm implements ReplyForm {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** JSON has no infinity; what cannot happen is this unlikely at OpenAI too. */
    static final double LEAST_LOGPROB = -9999;

    private final Tokenizer tokenizer;
    private final boolean logprobs;
    private final boolean legacy;

    /**
     * @param legacy whether calls are told as the {@code function_call} of older clients
     */
    ChatForm(Tokenizer tokenizer, boolean logprobs, boolean legacy) {
        this.tokenizer = tokenizer;
        this.logprobs = logprobs;
        this.legacy = legacy;
    }

    @Override
    public String object(boolean chunk) {
        return chunk ? "chat.completion.chunk" : "chat.completion";
    }

    @Override
    public Optional<ObjectNode> opening(int index) {
        ObjectNode delta = JSON.objectNode().put("role", "assistant").put("content", "");
        delta.putNull("refusal");
        return Optional.of(chunk(index, delta));
    }

    @Override
    public boolean hasPrologue() {
        return false;
    }

    @Override
    public ObjectNode piece(
            int index,
            String text,
            List<ChatEvent.PromptToken> prompt,
            List<TokenLogprobs> tokens) {
        ObjectNode choice = chunk(index, JSON.objectNode().put("content", text));
        putLogprobs(choice, tokens);
        return choice;
    }

    @Override
    public ObjectNode closing(int index, String finishReason) {
        return chunk(index, JSON.objectNode()).put("finish_reason", finishReason(finishReason));
    }

    private static ObjectNode chunk(int index, ObjectNode delta) {
        ObjectNode choice = JSON.objectNode().put("index", index);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        choice.putNull("finish_reason");
        return choice;
    }

    @Override
    public ObjectNode call(int index, ChatEvent.ToolCallStarted call) {
        ObjectNode delta = JSON.objectNode();
        if (legacy) {
            delta.putObject("function_call").put("name", call.name()).put("arguments", "");
        } else {
            ObjectNode begun = delta.putArray("tool_calls").addObject().put("index", call.index());
            putCall(begun, call.id(), call.name(), "");
        }
        return chunk(index, delta);
    }

    @Override
    public ObjectNode arguments(int index, ChatEvent.ToolCallArguments more) {
        ObjectNode delta = JSON.objectNode();
        if (legacy) {
            delta.putObject("function_call").put("arguments", more.piece());
        } else {
            delta.putArray("tool_calls")
                    .addObject()
                    .put("index", more.index())
                    .putObject("function")
                    .put("arguments", more.piece());
        }
        return chunk(index, delta);
    }

    private static void putCall(ObjectNode to, String id, String name, String arguments) {
        to.put("id", id)
                .put("type", "function")
                .putObject("function")
                .put("name", name)
                .put("arguments", arguments);
    }

    @Override
    public ObjectNode whole(int index, Answer answer) {
        ObjectNode choice = JSON.objectNode().put("index", index);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        if (answer.text().isEmpty() && !answer.calls().isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", answer.text());
        }
        message.putNull("refusal");
        putCalls(message, answer.calls());
        choice.putNull("logprobs");
        putLogprobs(choice, answer.logprobs());
        return choice.put("finish_reason", finishReason(answer.finishReason()));
    }

    private void putCalls(ObjectNode message, List<Answer.Call> calls) {
        if (calls.isEmpty()) {
            return;
        }
        if (legacy) {
            Answer.Call first = calls.getFirst();
            message.putObject("function_call")
                    .put("name", first.name())
                    .put("arguments", first.arguments().toString());
            return;
        }
        ArrayNode list = message.putArray("tool_calls");
        for (Answer.Call call : calls) {
            putCall(list.addObject(), call.id(), call.name(), call.arguments().toString());
        }
    }

    private String finishReason(String reason) {
        return legacy && reason.equals("tool_calls") ? "function_call" : reason;
    }

    private void putLogprobs(ObjectNode choice, List<TokenLogprobs> tokens) {
        if (!logprobs) {
            return;
        }
        ObjectNode object = JSON.objectNode();
        ArrayNode content = object.putArray("content");
        for (TokenLogprobs token : tokens) {
            ObjectNode entry = entry(token.token(), token.logprob());
            ArrayNode top = entry.putArray("top_logprobs");
            token.top().forEach(other -> top.add(entry(other.token(), other.logprob())));
            content.add(entry);
        }
        object.putNull("refusal");
        choice.set("logprobs", object);
    }

    private ObjectNode entry(int token, float logprob) {
        byte[] bytes = tokenizer.bytes(token);
        ObjectNode entry =
                JSON.objectNode()
                        .put("token", new String(bytes, StandardCharsets.UTF_8))
                        .put("logprob", Math.max(logprob, LEAST_LOGPROB));
        ArrayNode list = entry.putArray("bytes");
        for (byte b : bytes) {
            list.add(Byte.toUnsignedInt(b));
        }
        return entry;
    }
}
