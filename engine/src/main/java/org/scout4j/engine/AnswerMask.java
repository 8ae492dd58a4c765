package org.scout4j.engine;

import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;

/**
 * Which tokens may come next in one answer: what its constraint allows, and tokens that end it
 * where it may end.
 *
 * <p>An answer that comes near its largest length is landed: as soon as a token would leave too few
 * tokens to complete it, it is completed in a short way instead. It is valid then although it was
 * cut, and its finish reason says that it was.
 */
final class AnswerMask {
    /** Instead of a token: nothing more. */
    static final int END = -1;

    /** Tokens before the end at which landing is thought of. */
    private static final int NEAR = 1024;

    private final TokenConstraint constraint;
    private final int[] stopTokens;
    private final TokenSet allowed;

    /** The rest of an answer that is being landed; null before. */
    private int @Nullable [] landing;

    private int landed;

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

    /**
     * The token to go on with.
     *
     * @param chosen the one that the model would go on with
     * @param left tokens that the answer may still have, this one included
     * @return that one, or the next on the way to the end; {@link #END} if the answer ends here
     */
    int land(int chosen, int left) {
        if (landing != null) {
            return landed < landing.length ? landing[landed++] : END;
        }
        if (left > NEAR || isStop(chosen) || constraint.completionAfter(chosen).length < left) {
            return chosen;
        }
        int[] way = constraint.completion();
        if (way.length > left) {
            return chosen; // there was never room enough
        }
        landing = way;
        return land(chosen, left);
    }

    /** Whether the answer is completed in a short way, or was. */
    boolean landing() {
        return landing != null;
    }

    private boolean isStop(int token) {
        for (int stop : stopTokens) {
            if (stop == token) {
                return true;
            }
        }
        return false;
    }

    /** Takes the token that was chosen. */
    void accept(int token) {
        constraint.accept(token);
    }
}
