package org.scout4j.server.completions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.scout4j.ChatEvent;
import org.scout4j.Timings;
import org.scout4j.error.Cancelled;
import org.scout4j.error.ScoutException;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.server.ClientGone;
import org.scout4j.server.EventStream;
import org.scout4j.server.Exchange;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problems;
import org.scout4j.server.request.AnswerPlan;
import org.scout4j.tokenizer.SpecialTokens;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Delivers the answers to one request, whole or as they are made. For one use. */
final class Reply implements GenerationRun.Listener {
    private static final int LONGEST_PADDING = 32;

    private final Exchange exchange;
    private final Flavour flavour;
    private final ReplyForm form;
    private final Envelope envelope;
    private final AnswerPlan plan;
    private final Work work;
    private final List<Answer> answers = new ArrayList<>();
    private @Nullable EventStream events;

    /**
     * What is being computed.
     *
     * @param run answers, those to one prompt beside each other
     * @param promptTokens of all prompts
     * @param images that the prompts show
     * @param imageTokens those of {@code promptTokens} that stand for them
     * @param prompts how many
     * @param perPrompt answers made to each
     * @param kept answers returned of each
     */
    record Work(
            GenerationRun run,
            SpecialTokens specials,
            int promptTokens,
            int images,
            int imageTokens,
            int prompts,
            int perPrompt,
            int kept) {}

    Reply(
            Exchange exchange,
            Flavour flavour,
            ReplyForm form,
            Envelope envelope,
            AnswerPlan plan,
            Work work) {
        this.exchange = exchange;
        this.flavour = flavour;
        this.form = form;
        this.envelope = envelope;
        this.plan = plan;
        this.work = work;
        for (int i = 0; i < work.prompts() * work.perPrompt(); i++) {
            answers.add(new Answer());
        }
    }

    /** Delivers everything and tells what was done. */
    void send() {
        exchange.whenClientGone(work.run()::close);
        flavour.addHeaders(exchange, envelope.id());
        try (GenerationRun run = work.run()) {
            if (plan.stream()) {
                exchange.replyHeader(
                        "x-scout4j-prompt-tokens", Integer.toString(work.promptTokens()));
                stream(run);
            } else {
                whole(run);
            }
        }
    }

    @Override
    public void prompt(int choice, ChatEvent.PromptToken token) {
        answers.get(choice).add(token);
    }

    @Override
    public void text(int choice, String text, List<TokenLogprobs> logprobs) {
        Answer answer = answers.get(choice);
        if (events == null) {
            answer.add(text, logprobs);
        } else {
            sendPiece(events, choice, text, logprobs);
        }
    }

    @Override
    public void call(int choice, ChatEvent.ToolCallStarted call) {
        if (events == null) {
            answers.get(choice).add(call);
        } else {
            events.send(chunk(form.call(choice, call)).toString());
        }
    }

    @Override
    public void arguments(int choice, ChatEvent.ToolCallArguments more) {
        if (events == null) {
            answers.get(choice).add(more);
        } else {
            events.send(chunk(form.arguments(choice, more)).toString());
        }
    }

    @Override
    public void finished(int choice, ChatEvent.Finished end) {
        Answer answer = answers.get(choice);
        answer.end(end);
        if (events == null) {
            return;
        }
        if (form.hasPrologue() && answer.begins()) {
            events.send(chunk(form.piece(choice, "", answer.prompt(), List.of())).toString());
        }
        ObjectNode closing = form.closing(choice, answer.finishReason());
        flavour.decorateEnd(closing, answer.nativeReason(work.specials()));
        events.send(chunk(closing).toString());
    }

    private void whole(GenerationRun run) {
        try {
            run.tell(this);
        } catch (ScoutException failure) {
            tell("error", failure instanceof Cancelled);
            throw failure;
        }
        ObjectNode reply = envelope.open(form.object(false));
        ArrayNode choices = reply.putArray("choices");
        List<Answer> kept = kept();
        for (int i = 0; i < kept.size(); i++) {
            Answer answer = kept.get(i);
            ObjectNode choice = form.whole(i, answer);
            flavour.decorateEnd(choice, answer.nativeReason(work.specials()));
            choices.add(choice);
        }
        reply.set("usage", usage());
        flavour.decorate(reply);
        tell(kept.getFirst().finishReason(), false);
        if (parseFailures() > 0) {
            exchange.replyHeader("x-scout4j-toolparse", "failed");
        }
        exchange.reply(200, reply);
    }

    /** The answers to return: all, or the likeliest of each prompt. */
    private List<Answer> kept() {
        if (work.kept() == work.perPrompt()) {
            return answers;
        }
        List<Answer> kept = new ArrayList<>();
        for (int prompt = 0; prompt < work.prompts(); prompt++) {
            int first = prompt * work.perPrompt();
            answers.subList(first, first + work.perPrompt()).stream()
                    .sorted(Comparator.comparingDouble(Answer::meanLogprob).reversed())
                    .limit(work.kept())
                    .forEach(kept::add);
        }
        return kept;
    }

    private void stream(GenerationRun run) {
        try (EventStream opened = exchange.events(flavour.keepAlive())) {
            events = opened;
            try {
                for (int i = 0; i < answers.size(); i++) {
                    form.opening(i).ifPresent(choice -> opened.send(chunk(choice).toString()));
                }
                run.tell(this);
                if (plan.usageInStream() || flavour.usageAlways()) {
                    ObjectNode last = chunk(null);
                    last.set("usage", usage());
                    opened.send(last.toString());
                }
                tell(answers.getFirst().finishReason(), false);
            } catch (ClientGone gone) {
                tell("error", true);
                throw gone;
            } catch (RuntimeException failure) {
                // The status is sent already: what went wrong is told as an event.
                tell("error", failure instanceof Cancelled);
                opened.send(flavour.errorEvent(Problems.of(failure), chunk(null)).toString());
            }
            opened.send("[DONE]");
        }
    }

    private void sendPiece(
            EventStream opened, int choice, String text, List<TokenLogprobs> logprobs) {
        Answer answer = answers.get(choice);
        List<ChatEvent.PromptToken> prompt = answer.begins() ? answer.prompt() : List.of();
        ObjectNode chunk = chunk(form.piece(choice, text, prompt, logprobs));
        if (plan.obfuscated()) {
            chunk.put("obfuscation", padding());
        }
        opened.send(chunk.toString());
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

    /** Hides how long a token is from who sees only the lengths of packets. */
    private static String padding() {
        return "x".repeat(ThreadLocalRandom.current().nextInt(1, LONGEST_PADDING + 1));
    }

    private int cachedTokens() {
        int cached = 0;
        for (int prompt = 0; prompt < work.prompts(); prompt++) {
            Answer first = answers.get(prompt * work.perPrompt());
            cached += first.ended() ? first.end().usage().cachedTokens() : 0;
        }
        return cached;
    }

    private int completionTokens() {
        int made = 0;
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            made += answer.ended() ? answer.end().usage().completionTokens() : work.run().made(i);
        }
        return made;
    }

    /** Answers with a malformed call, which is text therefore. */
    private int parseFailures() {
        int failures = 0;
        for (int choice = 0; choice < answers.size(); choice++) {
            failures += work.run().parseFailed(choice) ? 1 : 0;
        }
        return failures;
    }

    private ObjectNode usage() {
        int made = completionTokens();
        ObjectNode usage =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("prompt_tokens", work.promptTokens())
                        .put("completion_tokens", made)
                        .put("total_tokens", work.promptTokens() + made);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", cachedTokens())
                .put("image_tokens", work.imageTokens());
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        flavour.decorateUsage(usage);
        return usage;
    }

    private void tell(String finishReason, boolean cancelled) {
        Answer first = answers.getFirst();
        Timings timings =
                first.ended()
                        ? first.end().timings()
                        : new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        exchange.finished(
                new GenerationFacts(
                        envelope.model(),
                        cancelled ? "cancelled" : finishReason,
                        plan.stream(),
                        work.promptTokens(),
                        cachedTokens(),
                        work.images(),
                        work.imageTokens(),
                        completionTokens(),
                        parseFailures(),
                        timings.queued(),
                        timings.prefill(),
                        timings.decode()));
        flavour.over(
                new GenerationRecord(
                        envelope.id(),
                        envelope.model(),
                        envelope.created(),
                        work.promptTokens(),
                        cachedTokens(),
                        work.images(),
                        completionTokens(),
                        finishReason,
                        first.ended() ? first.nativeReason(work.specials()) : finishReason,
                        timings.firstToken(),
                        timings.decode(),
                        plan.stream(),
                        cancelled));
    }
}
