package org.scout4j.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.scout4j.cache.CacheShape;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.sampling.LogitRow;
import org.scout4j.sampling.Sampler;
import org.scout4j.sampling.TokenHistory;
import org.scout4j.sampling.TokenLogprobs;

/**
 * What a generation gave, or should give. {@link #alone} computes it without an engine: no cache,
 * no steps, no neighbours.
 */
record Answer(
        List<TokenEvent> promptTokens,
        List<TokenEvent> tokens,
        FinishReason reason,
        int stopToken) {

    /** The answer by definition, token after token from the whole text before it. */
    static Answer alone(GenerationRequest request, int vocabulary, CacheShape shape) {
        Sampler sampler =
                Sampler.of(
                        request.sampling(), request.choice(), request.bannedTokens(), vocabulary);
        TokenHistory history = sampler.history(request.prompt());
        LogitRow row = new LogitRow(vocabulary);
        List<TokenEvent> promptTokens = new ArrayList<>();
        if (request.promptLogprobs()) {
            promptTokens.add(new TokenEvent.PromptToken(request.prompt()[0], null));
            for (int i = 1; i < request.prompt().length; i++) {
                row.load(PageCheckingModel.logits(request.prompt(), i, vocabulary, shape));
                int token = request.prompt()[i];
                int top = Math.max(0, request.topLogprobs());
                promptTokens.add(
                        new TokenEvent.PromptToken(token, TokenLogprobs.of(row, token, top)));
            }
        }
        List<TokenEvent> tokens = new ArrayList<>();
        TokenConstraint constraint =
                request.constraint() == null ? null : request.constraint().get();
        ArrayDeque<Integer> landing = null;
        while (tokens.size() < request.maxTokens()) {
            float[] logits =
                    PageCheckingModel.logits(history.tokens(), history.length(), vocabulary, shape);
            row.load(logits);
            if (constraint != null && constraint.mayEnd() && ends(constraint, request)) {
                FinishReason reason = landing == null ? FinishReason.STOP : FinishReason.LENGTH;
                return new Answer(promptTokens, tokens, reason, -1);
            }
            long[] allowed = constraint == null ? null : allowed(constraint, request);
            int token = sampler.sample(row, history, allowed);
            if (constraint != null && landing == null) {
                int left = request.maxTokens() - tokens.size();
                boolean stops = request.stopTokens().contains(token);
                if (!stops
                        && constraint.completionAfter(token).length >= left
                        && constraint.completion().length <= left) {
                    landing = new ArrayDeque<>(); // this token leaves too few to complete it
                    for (int next : constraint.completion()) {
                        landing.add(next);
                    }
                }
            }
            if (landing != null) {
                if (landing.isEmpty()) {
                    return new Answer(promptTokens, tokens, FinishReason.LENGTH, -1);
                }
                token = landing.remove();
            }
            if (request.stopTokens().contains(token)) {
                return new Answer(promptTokens, tokens, FinishReason.STOP, token);
            }
            if (constraint != null) {
                constraint.accept(token);
            }
            row.load(logits);
            tokens.add(
                    new TokenEvent.Token(
                            token,
                            request.topLogprobs() < 0
                                    ? null
                                    : TokenLogprobs.of(row, token, request.topLogprobs())));
            history.append(token);
        }
        return new Answer(promptTokens, tokens, FinishReason.LENGTH, -1);
    }

    /** Whether not even a stop token can follow. */
    private static boolean ends(TokenConstraint constraint, GenerationRequest request) {
        return LongStream.of(allowed(constraint, request)).allMatch(word -> word == 0);
    }

    /** What the constraint allows, and stop tokens where the answer may end. */
    private static long[] allowed(TokenConstraint constraint, GenerationRequest request) {
        TokenSet set = new TokenSet(constraint.vocabulary());
        constraint.mask(set);
        if (constraint.mayEnd()) {
            request.stopTokens().stream()
                    .filter(token -> !request.bannedTokens().contains(token))
                    .forEach(set::add);
        }
        return set.words();
    }

    /**
     * Reads a generation to its end and checks the order of its events on the way.
     *
     * @throws org.scout4j.error.ScoutException if it fails
     */
    static Answer read(Generation generation, GenerationRequest request)
            throws InterruptedException {
        List<TokenEvent> promptTokens = new ArrayList<>();
        List<TokenEvent> tokens = new ArrayList<>();
        int prefilled = 0;
        while (true) {
            TokenEvent event = generation.next();
            switch (event) {
                case TokenEvent.Prefill(int done, int total) -> {
                    check(total == request.prompt().length, event);
                    check(done > prefilled && done <= total && tokens.isEmpty(), event);
                    prefilled = done;
                }
                case TokenEvent.PromptToken _ -> {
                    check(tokens.isEmpty() && prefilled < request.prompt().length, event);
                    promptTokens.add(event);
                }
                case TokenEvent.Token _ -> {
                    check(prefilled == request.prompt().length, event);
                    tokens.add(event);
                }
                case TokenEvent.Finished finished -> {
                    check(finished.promptTokens() == request.prompt().length, event);
                    int stop = finished.stopToken() >= 0 ? 1 : 0;
                    check(finished.generatedTokens() == tokens.size() + stop, event);
                    check(!finished.queued().isNegative(), event);
                    check(!finished.prefill().isNegative(), event);
                    check(!finished.decode().isNegative(), event);
                    return new Answer(
                            promptTokens, tokens, finished.reason(), finished.stopToken());
                }
            }
        }
    }

    private static void check(boolean condition, TokenEvent event) {
        if (!condition) {
            throw new AssertionError("out of order: " + event);
        }
    }
}
