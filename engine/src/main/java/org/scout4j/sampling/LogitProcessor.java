package org.scout4j.sampling;

/**
 * One step on the way from logits to a token. A processor either changes single logits or, from
 * {@link Temperature} on, narrows the set of candidates. It keeps no state: everything it knows
 * about the sequence is in the history.
 */
public interface LogitProcessor {

    /**
     * Changes the row in place.
     *
     * @param history the tokens that stand before the one to be chosen
     */
    void apply(LogitRow row, TokenHistory history);
}
