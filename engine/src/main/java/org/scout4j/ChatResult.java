package org.scout4j;

import java.util.List;
import org.scout4j.sampling.TokenLogprobs;

/**
 * A whole answer.
 *
 * @param text the answer
 * @param logprobs of its tokens, if asked for
 */
public record ChatResult(
        String text,
        FinishReason finishReason,
        Usage usage,
        Timings timings,
        List<TokenLogprobs> logprobs) {
    public ChatResult {
        logprobs = List.copyOf(logprobs);
    }
}
