package org.scout4j.server.completions;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.server.Exchange;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problem;
import org.scout4j.server.request.AnswerPlan;
import org.scout4j.tokenizer.SpecialTokens;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes replies with {@code choices}: those of OpenAI and its kin. */
record ChoicesWriter(
        Flavour flavour, ReplyForm form, Envelope envelope, AnswerPlan plan, SpecialTokens specials)
        implements ReplyWriter {

    @Override
    public String model() {
        return envelope.model();
    }

    @Override
    public String keepAlive() {
        return flavour.keepAlive();
    }

    @Override
    public void addHeaders(Exchange exchange) {
        flavour.addHeaders(exchange, envelope.id());
    }

    @Override
    public List<ObjectNode> opening(int choice) {
        return form.opening(choice).map(this::chunk).stream().toList();
    }

    @Override
    public List<ObjectNode> text(
            int choice, Answer answer, String text, List<TokenLogprobs> logprobs) {
        List<ChatEvent.PromptToken> prompt = answer.begins() ? answer.prompt() : List.of();
        ObjectNode chunk = chunk(form.piece(choice, text, prompt, logprobs));
        if (plan.obfuscated()) {
            chunk.put("obfuscation", Padding.random());
        }
        return List.of(chunk);
    }

    @Override
    public List<ObjectNode> call(int choice, ChatEvent.ToolCallStarted call) {
        return List.of(chunk(form.call(choice, call)));
    }

    @Override
    public List<ObjectNode> arguments(int choice, ChatEvent.ToolCallArguments more) {
        return List.of(chunk(form.arguments(choice, more)));
    }

    @Override
    public List<ObjectNode> closing(int choice, Answer answer) {
        ObjectNode closing = form.closing(choice, answer.finishReason());
        flavour.decorateEnd(closing, answer.nativeReason(specials));
        return form.hasPrologue() && answer.begins()
                ? List.of(chunk(form.piece(choice, "", answer.prompt(), List.of())), chunk(closing))
                : List.of(chunk(closing));
    }

    @Override
    public List<ObjectNode> end(TokenCount tokens) {
        if (!plan.usageInStream() && !flavour.usageAlways()) {
            return List.of();
        }
        ObjectNode last = chunk(null);
        last.set("usage", usage(tokens));
        return List.of(last);
    }

    @Override
    public ObjectNode failure(Problem problem) {
        return flavour.errorEvent(problem, chunk(null));
    }

    @Override
    public ObjectNode whole(List<Answer> answers, TokenCount tokens) {
        ObjectNode reply = envelope.open(form.object(false));
        ArrayNode choices = reply.putArray("choices");
        for (int i = 0; i < answers.size(); i++) {
            ObjectNode choice = form.whole(i, answers.get(i));
            flavour.decorateEnd(choice, answers.get(i).nativeReason(specials));
            choices.add(choice);
        }
        reply.set("usage", usage(tokens));
        flavour.decorate(reply);
        return reply;
    }

    private ObjectNode usage(TokenCount tokens) {
        ObjectNode usage = tokens.usage();
        flavour.decorateUsage(usage);
        return usage;
    }

    private ObjectNode chunk(@Nullable ObjectNode choice) {
        ObjectNode chunk = envelope.open(form.object(true));
        ArrayNode choices = chunk.putArray("choices");
        if (choice != null) {
            choices.add(choice);
        }
        if (plan.usageInStream()) {
            chunk.putNull("usage");
        }
        flavour.decorate(chunk);
        return chunk;
    }

    @Override
    public void over(GenerationFacts facts, boolean cancelled, Answer first, Duration latency) {
        String reason = cancelled ? "error" : facts.finishReason();
        flavour.over(
                new GenerationRecord(
                        envelope.id(),
                        envelope.model(),
                        envelope.created(),
                        facts.promptTokens(),
                        facts.cachedTokens(),
                        facts.images(),
                        facts.completionTokens(),
                        reason,
                        first.ended() ? first.nativeReason(specials) : reason,
                        latency,
                        facts.decode(),
                        facts.stream(),
                        cancelled));
    }
}
