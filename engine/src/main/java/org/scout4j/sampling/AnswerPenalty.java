package org.scout4j.sampling;

/**
 * Subtracts {@code presence + count * frequency} from every token that stands {@code count} ≥ 1
 * times in the answer; the prompt does not count (OpenAI's presence_penalty and frequency_penalty).
 */
record AnswerPenalty(float presence, float frequency) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        for (int i = 0; i < history.distinct(); i++) {
            int count = history.answerCount(i);
            if (count > 0) {
                int token = history.distinctToken(i);
                row.logit(token, row.logit(token) - (presence + count * frequency));
            }
        }
    }
}
