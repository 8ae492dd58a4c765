package org.scout4j.sampling;

import java.util.List;

/**
 * How likely a token was, and which others were likely, in natural logarithms of the softmax over
 * the model's own logits (before any processor).
 *
 * @param token the token that was chosen (or stands in the prompt)
 * @param logprob its log-probability
 * @param top the most likely tokens, best first; ties: lower id first
 */
public record TokenLogprobs(int token, float logprob, List<Alternative> top) {
    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /** One of the most likely tokens. */
    public record Alternative(int token, float logprob) {}
}
