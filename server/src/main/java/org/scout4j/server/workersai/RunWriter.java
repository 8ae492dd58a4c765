package org.scout4j.server.workersai;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.server.Exchange;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problem;
import org.scout4j.server.completions.Answer;
import org.scout4j.server.completions.Padding;
import org.scout4j.server.completions.ReplyWriter;
import org.scout4j.server.completions.TokenCount;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the reply to one request: the result in its envelope, or a stream of events without one. A
 * call of a tool is one event, sent when it is complete. For one reply with one answer.
 */
final class RunWriter implements ReplyWriter {
    private final String model;
    private final RunRequest request;
    private final boolean json;
    private final StringBuilder arguments = new StringBuilder();
    private ChatEvent.@Nullable ToolCallStarted open;
    private String finishReason = "";

    /**
     * @param json whether an answer in JSON is told as a value
     */
    RunWriter(String model, RunRequest request, boolean json) {
        this.model = model;
        this.request = request;
        this.json = json;
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public String keepAlive() {
        return "keep-alive";
    }

    @Override
    public void addHeaders(Exchange exchange) {}

    @Override
    public List<ObjectNode> opening(int choice) {
        return List.of();
    }

    @Override
    public List<ObjectNode> text(
            int choice, Answer answer, String text, List<TokenLogprobs> logprobs) {
        List<ObjectNode> events = new ArrayList<>(completeCall());
        ObjectNode piece = event(text);
        if (request.task().plan().obfuscated()) {
            piece.put("p", Padding.random());
        }
        events.add(piece);
        return events;
    }

    @Override
    public List<ObjectNode> call(int choice, ChatEvent.ToolCallStarted call) {
        List<ObjectNode> events = completeCall();
        open = call;
        return events;
    }

    @Override
    public List<ObjectNode> arguments(int choice, ChatEvent.ToolCallArguments more) {
        arguments.append(more.piece());
        return List.of();
    }

    @Override
    public List<ObjectNode> closing(int choice, Answer answer) {
        finishReason = answer.finishReason();
        return completeCall();
    }

    /** The event of the call that has come to its end; none if it was cut. */
    private List<ObjectNode> completeCall() {
        ChatEvent.ToolCallStarted call = open;
        if (call == null) {
            return List.of();
        }
        List<ObjectNode> events = new ArrayList<>();
        RunResult.arguments(arguments.toString())
                .ifPresent(given -> {
                    ObjectNode event = event("");
                    ObjectNode entry =
                            event.putArray("tool_calls").addObject().put("index", call.index());
                    RunResult.putCall(entry, call.id(), call.name(), given);
                    events.add(event);
                });
        open = null;
        arguments.setLength(0);
        return events;
    }

    @Override
    public List<ObjectNode> end(TokenCount tokens) {
        ObjectNode last = event("").put("finish_reason", finishReason);
        last.set("usage", tokens.usage());
        return List.of(last);
    }

    private static ObjectNode event(String text) {
        return JsonNodeFactory.instance.objectNode().put("response", text);
    }

    @Override
    public ObjectNode failure(Problem problem) {
        return RunEnvelope.failure(problem);
    }

    @Override
    public ObjectNode whole(List<Answer> answers, TokenCount tokens) {
        return RunEnvelope.success(RunResult.of(answers.getFirst(), tokens, json), request.notes());
    }

    @Override
    public void over(GenerationFacts facts, boolean cancelled, Answer first, Duration latency) {}
}
