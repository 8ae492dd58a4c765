package org.scout4j;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.scout4j.engine.Generation;
import org.scout4j.engine.TokenEvent;
import org.scout4j.error.Cancelled;
import org.scout4j.sampling.StopStrings;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.tokenizer.StreamingDecoder;

/**
 * An answer as it is made: an {@link Iterator} of events that waits for the next one and ends with
 * {@link ChatEvent.Finished}. {@link #close()} cancels what is still to come, from any thread;
 * everything else is for one thread.
 */
public final class ChatStream implements Iterable<ChatEvent>, AutoCloseable {
    private final Generation generation;
    private final StreamingDecoder decoder;
    private final StopStrings stops;
    private final int promptTokens;

    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprobs> logprobs = new ArrayList<>();

    /** Tokens whose text is held back, perhaps as part of a stop string, and where it begins. */
    private final Deque<HeldToken> held = new ArrayDeque<>();

    /** Characters decoded so far, passed on or held back. */
    private long decoded;

    private int generated;
    private long firstTokenNanos;
    private ChatEvent.@Nullable Finished finished;

    /** The end, when the last text is handed out first. */
    private ChatEvent.@Nullable Finished pendingEnd;

    ChatStream(
            Generation generation, StreamingDecoder decoder, StopStrings stops, int promptTokens) {
        this.generation = generation;
        this.decoder = decoder;
        this.stops = stops;
        this.promptTokens = promptTokens;
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
        return new ChatResult(text.toString(), reason, usage(), timings(), logprobs);
    }

    /** Cancels what is still to come; no effect after the end. */
    @Override
    public void close() {
        generation.close();
    }

    private ChatEvent next() {
        while (true) {
            if (pendingEnd != null) {
                finished = pendingEnd;
                return finished;
            }
            ChatEvent event = take(awaitEvent());
            if (event != null) {
                return event;
            }
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

    private @Nullable ChatEvent take(TokenEvent event) {
        return switch (event) {
            case TokenEvent.Prefill(int done, int total) -> new ChatEvent.Prefill(done, total);
            case TokenEvent.PromptToken(int token, TokenLogprobs logprob) ->
                    new ChatEvent.PromptToken(token, logprob);
            case TokenEvent.Token(int token, TokenLogprobs logprob) -> takeToken(token, logprob);
            case TokenEvent.Finished end -> takeEnd(end);
        };
    }

    private @Nullable ChatEvent takeToken(int token, @Nullable TokenLogprobs logprob) {
        if (generated++ == 0) {
            firstTokenNanos = System.nanoTime();
        }
        String piece = decoder.accept(token);
        if (logprob != null) {
            held.add(new HeldToken(logprob, decoded));
        }
        decoded += piece.length();
        String visible = stops.accept(piece);
        if (stops.found().isPresent()) {
            generation.stop();
            pendingEnd =
                    new ChatEvent.Finished(
                            FinishReason.STOP,
                            OptionalInt.empty(),
                            stops.found().get(),
                            usage(),
                            timings());
        }
        return emit(visible, visibleTokens(text.length() + visible.length()));
    }

    /** Of the tokens held back, those whose text begins before the end of what is passed on. */
    private List<TokenLogprobs> visibleTokens(long end) {
        List<TokenLogprobs> visible = new ArrayList<>();
        while (!held.isEmpty() && held.getFirst().start() < end) {
            visible.add(held.removeFirst().logprobs());
        }
        return visible;
    }

    private @Nullable ChatEvent takeEnd(TokenEvent.Finished end) {
        FinishReason reason =
                switch (end.reason()) {
                    case STOP -> FinishReason.STOP;
                    case LENGTH -> FinishReason.LENGTH;
                };
        generated = end.generatedTokens();
        Timings timings = new Timings(end.queued(), end.prefill(), end.decode());
        String rest = stops.accept(decoder.flush()) + stops.flush();
        OptionalInt stopToken =
                end.stopToken() < 0 ? OptionalInt.empty() : OptionalInt.of(end.stopToken());
        String stop = stops.found().orElse(null);
        pendingEnd = new ChatEvent.Finished(reason, stopToken, stop, usage(), timings);
        // Without a stop string everything is visible, tokens without characters of their own too.
        long visibleEnd = stop == null ? Long.MAX_VALUE : text.length() + rest.length();
        return emit(rest, visibleTokens(visibleEnd));
    }

    private @Nullable ChatEvent emit(String piece, List<TokenLogprobs> pieceLogprobs) {
        if (piece.isEmpty() && pieceLogprobs.isEmpty()) {
            return null;
        }
        text.append(piece);
        logprobs.addAll(pieceLogprobs);
        return new ChatEvent.Text(piece, pieceLogprobs);
    }

    private Usage usage() {
        return new Usage(promptTokens, generation.progress().cachedTokens(), generated);
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
