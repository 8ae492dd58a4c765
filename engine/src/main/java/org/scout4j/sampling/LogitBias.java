package org.scout4j.sampling;

/** Adds {@code biases[i]} to the logit of {@code tokens[i]} (OpenAI's logit_bias). */
record LogitBias(int[] tokens, float[] biases) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        for (int i = 0; i < tokens.length; i++) {
            row.logit(tokens[i], row.logit(tokens[i]) + biases[i]);
        }
    }
}
