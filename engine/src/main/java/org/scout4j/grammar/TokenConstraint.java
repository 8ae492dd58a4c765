package org.scout4j.grammar;

/**
 * What one answer may go on with. Made for one generation and used by one thread at a time; what it
 * allows depends on the tokens accepted so far alone.
 *
 * <p>There is never a dead end: as long as {@link #mask} is asked after accepted tokens only, it
 * allows at least one token, or {@link #mayEnd} holds.
 */
public interface TokenConstraint {
    /** Number of token ids that it knows; others are never allowed. */
    int vocabulary();

    /**
     * Sets the tokens that may come next; tokens that end the answer are not among them.
     *
     * @param allowed of {@link #vocabulary()} ids; overwritten
     */
    void mask(TokenSet allowed);

    /**
     * Takes the token that was chosen.
     *
     * @throws IllegalArgumentException if it was not allowed
     */
    void accept(int token);

    /** Whether the answer is complete, so that it may end here. */
    boolean mayEnd();

    /**
     * Tokens that complete the answer from here, not many more than necessary.
     *
     * @return none if the answer may end here
     */
    int[] completion();

    /**
     * Tokens that would complete the answer after one more token.
     *
     * @param token one that {@link #mask} allows
     */
    int[] completionAfter(int token);
}
