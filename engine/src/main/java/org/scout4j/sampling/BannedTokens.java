package org.scout4j.sampling;

/** Takes tokens out: their logits become −∞, whatever later processors would add. */
record BannedTokens(int[] tokens) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        for (int token : tokens) {
            row.logit(token, Float.NEGATIVE_INFINITY);
        }
    }
}
