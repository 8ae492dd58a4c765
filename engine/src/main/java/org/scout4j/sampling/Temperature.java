package org.scout4j.sampling;

/**
 * Turns logits into weights: from here on a token's probability is {@code exp(logit / temperature)}
 * over the sum of all candidates'. It is computed in double precision from the distance to the best
 * logit, so a temperature near zero does not overflow.
 *
 * @param temperature greater than 0
 */
record Temperature(float temperature) implements LogitProcessor {
    @Override
    public void apply(LogitRow row, TokenHistory history) {
        row.collectCandidates(temperature);
    }
}
