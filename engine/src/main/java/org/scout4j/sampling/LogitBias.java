package org.scout4j.sampling;

/** Adds a number to the logits of some tokens (OpenAI's logit_bias). */
final class LogitBias implements LogitProcessor {
    private final int[] tokens;
    private final float[] biases;

    /** {@code biases[i]} belongs to {@code tokens[i]}. */
    LogitBias(int[] tokens, float[] biases) {
        this.tokens = tokens;
        this.biases = biases;
    }

    @Override
    public void apply(LogitRow row, TokenHistory history) {
        for (int i = 0; i < tokens.length; i++) {
            row.logit(tokens[i], row.logit(tokens[i]) + biases[i]);
        }
    }
}
