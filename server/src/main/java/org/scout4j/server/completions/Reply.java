package org.scout4j.server.completions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.scout4j.ChatEvent;
import org.scout4j.Timings;
import org.scout4j.Usage;
import org.scout4j.error.Cancelled;
import org.scout4j.error.ScoutException;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.server.ClientGone;
import org.scout4j.server.EventStream;
import org.scout4j.server.Exchange;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problems;
import tools.jackson.databind.node.ObjectNode;

/** Delivers the answers to one request, whole or as they are made. For one use. */
final class Reply {
    private final Exchange exchange;
    private final ReplyWriter writer;
    private final boolean streamed;
    private final Work work;
    private final AnswerCollector collector;

    /**
     * What is being computed.
     *
     * @param run answers, those to one prompt beside each other
     * @param promptTokens of all prompts
     * @param images that the prompts show
     * @param prompts how many
     * @param perPrompt answers made to each
     * @param kept answers returned of each
     */
    record Work(
            GenerationRun run,
            int promptTokens,
            int images,
            int prompts,
            int perPrompt,
            int kept) {}

    Reply(Exchange exchange, ReplyWriter writer, boolean streamed, Work work) {
        this.exchange = exchange;
        this.writer = writer;
        this.streamed = streamed;
        this.work = work;
        this.collector = new AnswerCollector(work.prompts() * work.perPrompt());
    }

    /** Delivers everything and tells what was done. */
    void send() {
        exchange.whenClientGone(work.run()::close);
        writer.addHeaders(exchange);
        try (GenerationRun run = work.run()) {
            if (streamed) {
                exchange.replyHeader(
                        "x-scout4j-prompt-tokens", Integer.toString(work.promptTokens()));
                stream(run);
            } else {
                whole(run);
            }
        }
    }

    private void whole(GenerationRun run) {
        try {
            run.tell(collector);
        } catch (ScoutException failure) {
            tell("error", failure instanceof Cancelled);
            throw failure;
        }
        List<Answer> kept = kept();
        tell(kept.getFirst().finishReason(), false);
        if (parseFailures() > 0) {
            exchange.replyHeader("x-scout4j-toolparse", "failed");
        }
        exchange.reply(200, writer.whole(kept, tokens()));
    }

    /** The answers to return: all, or the likeliest of each prompt. */
    private List<Answer> kept() {
        List<Answer> answers = collector.answers();
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
        try (EventStream opened = exchange.events(writer.keepAlive())) {
            try {
                for (int i = 0; i < collector.answers().size(); i++) {
                    send(opened, writer.opening(i));
                }
                run.tell(new Sender(opened));
                send(opened, writer.end(tokens()));
                tell(collector.answers().getFirst().finishReason(), false);
            } catch (ClientGone gone) {
                tell("error", true);
                throw gone;
            } catch (RuntimeException failure) {
                // The status is sent already: what went wrong is told as an event.
                tell("error", failure instanceof Cancelled);
                opened.send(writer.failure(Problems.of(failure)).toString());
            }
            opened.send("[DONE]");
        }
    }

    private static void send(EventStream to, List<ObjectNode> events) {
        events.forEach(event -> to.send(event.toString()));
    }

    /** Sends what happens; of the answers only the ends are kept, and what echoes the prompt. */
    private final class Sender implements GenerationRun.Listener {
        private final EventStream events;

        Sender(EventStream events) {
            this.events = events;
        }

        @Override
        public void prompt(int choice, ChatEvent.PromptToken token) {
            collector.prompt(choice, token);
        }

        @Override
        public void text(int choice, String text, List<TokenLogprobs> logprobs) {
            send(events, writer.text(choice, collector.answers().get(choice), text, logprobs));
        }

        @Override
        public void call(int choice, ChatEvent.ToolCallStarted call) {
            send(events, writer.call(choice, call));
        }

        @Override
        public void arguments(int choice, ChatEvent.ToolCallArguments more) {
            send(events, writer.arguments(choice, more));
        }

        @Override
        public void finished(int choice, ChatEvent.Finished end) {
            collector.finished(choice, end);
            send(events, writer.closing(choice, collector.answers().get(choice)));
        }
    }

    private TokenCount tokens() {
        return new TokenCount(
                work.promptTokens(), cachedTokens(), imageTokens(), completionTokens());
    }

    private int cachedTokens() {
        return ofPrompts(Usage::cachedTokens);
    }

    private int imageTokens() {
        return ofPrompts(Usage::imageTokens);
    }

    /** Counts something of each prompt once, however many answers it has. */
    private int ofPrompts(ToIntFunction<Usage> tokens) {
        int sum = 0;
        for (int prompt = 0; prompt < work.prompts(); prompt++) {
            Answer first = collector.answers().get(prompt * work.perPrompt());
            sum += first.ended() ? tokens.applyAsInt(first.end().usage()) : 0;
        }
        return sum;
    }

    private int completionTokens() {
        int made = 0;
        for (int i = 0; i < collector.answers().size(); i++) {
            Answer answer = collector.answers().get(i);
            made += answer.ended() ? answer.end().usage().completionTokens() : work.run().made(i);
        }
        return made;
    }

    /** Answers with a malformed call, which is text therefore. */
    private int parseFailures() {
        int failures = 0;
        for (int choice = 0; choice < collector.answers().size(); choice++) {
            failures += work.run().parseFailed(choice) ? 1 : 0;
        }
        return failures;
    }

    private void tell(String finishReason, boolean cancelled) {
        Answer first = collector.answers().getFirst();
        Timings timings =
                first.ended()
                        ? first.end().timings()
                        : new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        GenerationFacts facts =
                new GenerationFacts(
                        writer.model(),
                        cancelled ? "cancelled" : finishReason,
                        streamed,
                        work.promptTokens(),
                        cachedTokens(),
                        work.images(),
                        imageTokens(),
                        completionTokens(),
                        parseFailures(),
                        timings.queued(),
                        timings.prefill(),
                        timings.decode());
        exchange.finished(facts);
        writer.over(facts, cancelled, first, timings.firstToken());
    }
}
