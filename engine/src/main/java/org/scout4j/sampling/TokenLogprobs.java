package org.scout4j.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How likely a token was, and which others were likely, in natural logarithms of the softmax over
 * the model's own logits (before any processor).
 *
 * @param token the token that was chosen (or stands in the prompt)
 * @param logprob its log-probability; −∞ if its logit is
 * @param top the most likely tokens, best first; ties: lower id first
 */
public record TokenLogprobs(int token, float logprob, List<Alternative> top) {
    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /** One of the most likely tokens. */
    public record Alternative(int token, float logprob) {}

    /**
     * Computes {@code logit − log Σ exp(logit)}, the sum in id order in double precision.
     *
     * @param row logits as loaded, untouched by processors
     * @param token whose log-probability is wanted
     * @param top number of alternatives; as many as there are tokens, if it is more
     * @throws NonFiniteLogits if the row has a NaN or +∞ or nothing above −∞
     */
    public static TokenLogprobs of(LogitRow row, int token, int top) {
        Objects.checkIndex(token, row.vocabulary());
        row.requireFinite();
        double largest = row.largest();
        double sum = 0;
        for (int id = 0; id < row.vocabulary(); id++) {
            sum += Exponential.of(row.logit(id) - largest);
        }
        double logSum = StrictMath.log(sum);
        List<Alternative> alternatives = new ArrayList<>(top);
        for (int id : best(row, Math.min(top, row.vocabulary()))) {
            alternatives.add(new Alternative(id, logprob(row.logit(id), largest, logSum)));
        }
        return new TokenLogprobs(token, logprob(row.logit(token), largest, logSum), alternatives);
    }

    private static float logprob(float logit, double largest, double logSum) {
        return (float) (logit - largest - logSum); // in this order nothing gets lost or overflows
    }

    /** The {@code count} tokens with the largest logits, by insertion: count is small. */
    private static int[] best(LogitRow row, int count) {
        int[] best = new int[count];
        int found = 0;
        for (int id = 0; id < row.vocabulary() && count > 0; id++) {
            float logit = row.logit(id);
            if (found == count && !(logit > row.logit(best[count - 1]))) {
                continue;
            }
            int place = found < count ? found++ : count - 1;
            // Ids come in ascending order, so equals stay behind the ones already there.
            while (place > 0 && row.logit(best[place - 1]) < logit) {
                best[place] = best[--place];
            }
            best[place] = id;
        }
        return best;
    }
}
