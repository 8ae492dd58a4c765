package org.scout4j.sampling;

/**
 * Makes every token that stands in the prompt or the answer less likely (if the penalty is above
 * 1), once, however often it stands there: a negative logit is multiplied by the penalty, any other
 * divided by it (Keskar et al., "CTRL", 2019, §4.1, with the sign rule of Hugging Face's
 * RepetitionPenaltyLogitsProcessor).
 */
record RepetitionPenalty(float penalty) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        for (int i = 0; i < history.distinct(); i++) {
            int token = history.distinctToken(i);
            float logit = row.logit(token);
            // A tiny penalty must not overflow to +∞, which would count as a broken model.
            row.logit(
                    token,
                    logit < 0 ? logit * penalty : Math.min(logit / penalty, Float.MAX_VALUE));
        }
    }
}
