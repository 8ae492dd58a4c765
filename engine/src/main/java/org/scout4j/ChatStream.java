package org.scout4j;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.calls.OutputEnd;
import org.scout4j.chat.calls.OutputEvent;
import org.scout4j.chat.calls.ParsedMessage;
import org.scout4j.engine.Generation;
import org.scout4j.engine.TokenEvent;
import org.scout4j.error.Cancelled;
import org.scout4j.sampling.TokenLogprobs;

/**
 * An answer as it is made: an {@link Iterator} of events that waits for the next one and ends with
 * {@link ChatEvent.Finished}. {@link #close()} cancels what is still to come, from any thread;
 * everything else is for one thread.
 */
public final class ChatStream implements Iterable<ChatEvent>, AutoCloseable {
    private final Generation generation;
    private final AnswerReader answer;
    private final int promptTokens;
    private final int imageTokens;
    private final List<String> notEnforced;

    private final List<TokenLogprobs> logprobs = new ArrayList<>();

    /** Tokens whose text is held back, perhaps as part of a stop string, and where it begins. */
    private final Deque<HeldToken> held = new ArrayDeque<>();

    /** What has happened already and is still to be told. */
    private final Deque<ChatEvent> told = new ArrayDeque<>();

    private int generated;
    private long firstTokenNanos;
    private ChatEvent.@Nullable Finished finished;

    /** The end, when the last text is handed out first. */
    private ChatEvent.@Nullable Finished pendingEnd;

    /**
     * @param notEnforced see {@link #notEnforced()}
     */
    ChatStream(
            Generation generation,
            AnswerReader answer,
            int promptTokens,
            int imageTokens,
            List<String> notEnforced) {
        this.generation = generation;
        this.answer = answer;
        this.promptTokens = promptTokens;
        this.imageTokens = imageTokens;
        this.notEnforced = List.copyOf(notEnforced);
    }

    /** The log-probabilities of a token, and how many characters came before it. */
    private record HeldToken(TokenLogprobs logprobs, long start) {}

    @Override
    public Iterator<ChatEvent> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return finished == null;
            }

            @Override
            public ChatEvent next() {
                if (finished != null) {
                    throw new NoSuchElementException("the answer has ended");
                }
                return ChatStream.this.next();
            }
        };
    }

    /**
     * What of a schema the answer is not held to, because the request allows that: keywords with
     * their places. Always empty for a strict schema.
     */
    public List<String> notEnforced() {
        return notEnforced;
    }

    /** Tokens of the prompt. */
    public int promptTokens() {
        return promptTokens;
    }

    /**
     * Reads the stream to its end.
     *
     * @throws org.scout4j.error.ScoutException if the generation failed or was cancelled
     */
    public ChatResult result() {
        while (finished == null) {
            next();
        }
        return partial(finished.reason());
    }

    /** What has come so far; after a cancel, what had come until then. */
    public ChatResult partial() {
        return partial(finished == null ? FinishReason.LENGTH : finished.reason());
    }

    private ChatResult partial(FinishReason reason) {
        ParsedMessage message = answer.message();
        String text = Objects.requireNonNullElse(message.content(), "");
        return new ChatResult(
                text, message.toolCalls(), message.failed(), reason, usage(), timings(), logprobs);
    }

    /** Cancels what is still to come; no effect after the end. */
    @Override
    public void close() {
        generation.close();
    }

    private ChatEvent next() {
        while (true) {
            ChatEvent event = told.poll();
            if (event != null) {
                return event;
            }
            if (pendingEnd != null) {
                finished = pendingEnd;
                return finished;
            }
            take(awaitEvent());
        }
    }

    private TokenEvent awaitEvent() {
        try {
            return generation.next();
        } catch (InterruptedException e) {
            generation.close();
            Thread.currentThread().interrupt();
            throw new Cancelled();
        }
    }

    private void take(TokenEvent event) {
        switch (event) {
            case TokenEvent.Prefill(int done, int total) ->
                    told.add(new ChatEvent.Prefill(done, total));
            case TokenEvent.PromptToken(int token, TokenLogprobs logprob) ->
                    told.add(new ChatEvent.PromptToken(token, logprob));
            case TokenEvent.Token(int token, TokenLogprobs logprob) -> takeToken(token, logprob);
            case TokenEvent.Finished end -> takeEnd(end);
        }
    }

    private void takeToken(int token, @Nullable TokenLogprobs logprob) {
        if (generated++ == 0) {
            firstTokenNanos = System.nanoTime();
        }
        if (logprob != null) {
            held.add(new HeldToken(logprob, answer.decoded()));
        }
        List<OutputEvent> events = answer.accept(token);
        if (answer.stop().isPresent()) {
            generation.stop();
            events.addAll(answer.end(OutputEnd.CUT));
            pendingEnd =
                    new ChatEvent.Finished(
                            FinishReason.STOP,
                            OptionalInt.empty(),
                            answer.stop().get(),
                            usage(),
                            timings());
        }
        tell(events, visibleTokens(answer.settled()));
    }

    /** Of the tokens held back, those whose text begins before the end of what is passed on. */
    private List<TokenLogprobs> visibleTokens(long end) {
        List<TokenLogprobs> visible = new ArrayList<>();
        while (!held.isEmpty() && held.getFirst().start() < end) {
            visible.add(held.removeFirst().logprobs());
        }
        return visible;
    }

    private void takeEnd(TokenEvent.Finished end) {
        generated = end.generatedTokens();
        Timings timings = new Timings(end.queued(), end.prefill(), end.decode());
        boolean chosen = end.stopToken() >= 0;
        List<OutputEvent> events = answer.end(chosen ? OutputEnd.COMPLETE : OutputEnd.CUT);
        OptionalInt stopToken = chosen ? OptionalInt.of(end.stopToken()) : OptionalInt.empty();
        String stop = answer.stop().orElse(null);
        boolean calls = chosen && stop == null && !answer.message().toolCalls().isEmpty();
        FinishReason reason =
                switch (end.reason()) {
                    case STOP -> calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
                    case LENGTH -> FinishReason.LENGTH;
                };
        pendingEnd = new ChatEvent.Finished(reason, stopToken, stop, usage(), timings);
        // Without a stop string everything is visible, tokens without characters of their own too.
        tell(events, visibleTokens(stop == null ? Long.MAX_VALUE : answer.settled()));
    }

    /** Tokens travel with the first text; those of calls, which are no text, with an empty one. */
    private void tell(List<OutputEvent> events, List<TokenLogprobs> tokens) {
        logprobs.addAll(tokens);
        List<TokenLogprobs> untold = tokens;
        if (!untold.isEmpty() && events.stream().noneMatch(OutputEvent.Text.class::isInstance)) {
            told.add(new ChatEvent.Text("", untold));
        }
        for (OutputEvent event : events) {
            switch (event) {
                case OutputEvent.Text(String text) -> {
                    told.add(new ChatEvent.Text(text, untold));
                    untold = List.of();
                }
                case OutputEvent.CallStarted(int index, String id, String name) ->
                        told.add(new ChatEvent.ToolCallStarted(index, id, name));
                case OutputEvent.CallArguments(int index, String json) ->
                        told.add(new ChatEvent.ToolCallArguments(index, json));
            }
        }
    }

    private Usage usage() {
        return new Usage(
                promptTokens, generation.progress().cachedTokens(), imageTokens, generated);
    }

    /**
     * The engine's own figures once they have come; before, and after a stop string, the time since
     * the first token is as this stream saw it.
     */
    private Timings timings() {
        if (finished != null) {
            return finished.timings();
        }
        Generation.Progress progress = generation.progress();
        Duration decode =
                generated == 0
                        ? Duration.ZERO
                        : Duration.ofNanos(System.nanoTime() - firstTokenNanos);
        return new Timings(progress.queued(), progress.prefill(), decode);
    }
}
