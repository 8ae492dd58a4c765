package org.scout4j.engine;

import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;

/**
 * Which tokens may come next in one answer: what its constraint allows, and tokens that end it
 * where it may end.
 */
final class AnswerMask {
    private final TokenConstraint constraint;
    private final int[] stopTokens;
    private final TokenSet allowed;

    AnswerMask(TokenConstraint constraint, GenerationRequest request) {
        this.constraint = constraint;
        this.stopTokens =
                request.stopTokens().stream()
                        .filter(token -> !request.bannedTokens().contains(token))
                        .filter(token -> token < constraint.vocabulary())
                        .mapToInt(Integer::intValue)
                        .toArray();
        this.allowed = new TokenSet(constraint.vocabulary());
    }

    /** The tokens that may come next, 64 ids a word; valid until the next call. */
    long[] next() {
        constraint.mask(allowed);
        if (constraint.mayEnd()) {
            for (int token : stopTokens) {
                allowed.add(token);
            }
        }
        return allowed.words();
    }

    /** Whether the answer is complete and nothing can follow it, not even a token that ends it. */
    boolean over() {
        return constraint.mayEnd() && allowed.next(0) < 0;
    }

    /** Takes the token that was chosen. */
    void accept(int token) {
        constraint.accept(token);
    }
}
