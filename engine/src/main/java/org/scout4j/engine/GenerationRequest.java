package org.scout4j.engine;

import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.sampling.SamplingParameters;

/**
 * What the engine is to generate, in token ids; already checked by the face.
 *
 * @param prompt at least one token
 * @param images what its patch tokens show
 * @param sampling how tokens are chosen
 * @param choice which of several answers to the same prompt this is, from 0; each draws its own
 *     random numbers from the same seed
 * @param maxTokens most tokens to generate; prompt and answer fit the context; 0 = compute the
 *     prompt only
 * @param stopTokens tokens that end the generation; the one that does is not part of the answer
 * @param bannedTokens tokens that are never chosen (control tokens that only a prompt may hold)
 * @param topLogprobs alternatives to report with each token; 0 = the token's own log-probability
 *     only; −1 = none
 * @param promptLogprobs whether to report log-probabilities of the prompt's tokens too
 * @param dispatch how it is queued
 * @param constraint makes what the answer is held to, one for this generation alone; null = nothing
 */
@SuppressWarnings("ArrayRecordComponent") // millions of ids; requests are not compared
public record GenerationRequest(
        int[] prompt,
        PromptImages images,
        SamplingParameters sampling,
        int choice,
        int maxTokens,
        Set<Integer> stopTokens,
        Set<Integer> bannedTokens,
        int topLogprobs,
        boolean promptLogprobs,
        Dispatch dispatch,
        @Nullable Supplier<TokenConstraint> constraint) {
    public GenerationRequest {
        if (prompt.length == 0 || choice < 0 || maxTokens < 0 || topLogprobs < -1) {
            throw new IllegalArgumentException(
                    "prompt of "
                            + prompt.length
                            + " tokens, answer of "
                            + maxTokens
                            + ", alternatives "
                            + topLogprobs);
        }
        stopTokens = Set.copyOf(stopTokens);
        bannedTokens = Set.copyOf(bannedTokens);
    }

    /** A request of text that is held to nothing. */
    public GenerationRequest(
            int[] prompt,
            SamplingParameters sampling,
            int choice,
            int maxTokens,
            Set<Integer> stopTokens,
            Set<Integer> bannedTokens,
            int topLogprobs,
            boolean promptLogprobs,
            Dispatch dispatch) {
        this(
                prompt,
                PromptImages.NONE,
                sampling,
                choice,
                maxTokens,
                stopTokens,
                bannedTokens,
                topLogprobs,
                promptLogprobs,
                dispatch,
                null);
    }
}
