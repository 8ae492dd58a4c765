package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Banned tokens, bias and penalties on rows small enough to check by hand. */
class PenaltiesTest {
    private static final float NONE = Float.NEGATIVE_INFINITY;

    @Test
    void bannedTokensGoWhateverTheirLogit() {
        assertThat(apply(new BannedTokens(0, 2), history(new int[] {1}), 50, 1, -2, 3))
                .containsExactly(NONE, 1, NONE, 3);
    }

    @Test
    void biasIsAdded() {
        assertThat(
                        apply(
                                new LogitBias(new int[] {1, 3}, new float[] {-100, 2.5f}),
                                history(new int[] {1}),
                                50,
                                1,
                                -2,
                                NONE))
                .containsExactly(50, -99, -2, NONE);
    }

    /** Hugging Face: score < 0 ? score * penalty : score / penalty, on prompt and answer, once. */
    @Test
    void repetitionPenaltyScalesWhatOccurred() {
        assertThat(
                        apply(
                                new RepetitionPenalty(2),
                                history(new int[] {0, 0, 3}, 2, 4),
                                8,
                                8,
                                -3,
                                0,
                                NONE))
                .containsExactly(4, 8, -6, 0, NONE);
    }

    @Test
    void aTinyRepetitionPenaltyStaysFinite() {
        assertThat(apply(new RepetitionPenalty(Float.MIN_VALUE), history(new int[] {0, 1}), 8, -8))
                .containsExactly(Float.MAX_VALUE, -8 * Float.MIN_VALUE);
    }

    /** OpenAI: logit − count * frequency − (count > 0) * presence, on the answer. */
    @Test
    void answerPenaltyIgnoresThePrompt() {
        assertThat(
                        apply(
                                new AnswerPenalty(0.5f, 0.25f),
                                history(new int[] {0, 0, 1}, 1, 2, 1, 1),
                                10,
                                10,
                                10,
                                10))
                .containsExactly(10, 10 - 0.5f - 3 * 0.25f, 10 - 0.5f - 0.25f, 10);
    }

    @Test
    void negativePenaltiesInvite() {
        assertThat(apply(new AnswerPenalty(-1, -2), history(new int[] {0}, 1, 1), 0, 0))
                .containsExactly(0, 5);
    }

    private static TokenHistory history(int[] prompt, int... answer) {
        TokenHistory history = TokenHistory.counting(prompt);
        for (int token : answer) {
            history.append(token);
        }
        return history;
    }

    private static float[] apply(LogitProcessor processor, TokenHistory history, float... logits) {
        LogitRow row = new LogitRow(logits.length);
        row.load(logits);
        processor.apply(row, history);
        float[] result = new float[logits.length];
        for (int token = 0; token < result.length; token++) {
            result[token] = row.logit(token);
        }
        return result;
    }
}
