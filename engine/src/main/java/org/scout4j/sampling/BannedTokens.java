package org.scout4j.sampling;

/** Takes tokens out: their logits become −∞, whatever later processors would add. */
final class BannedTokens implements LogitProcessor {
    private final int[] tokens;

    BannedTokens(int... tokens) {
        this.tokens = tokens;
    }

    @Override
    public void apply(LogitRow row, TokenHistory history) {
        for (int token : tokens) {
            row.logit(token, Float.NEGATIVE_INFINITY);
        }
    }
}
