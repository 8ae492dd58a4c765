package org.scout4j.grammar.machine;

import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;

/** One generation's place in a grammar. */
final class GrammarConstraint implements TokenConstraint {
    private final Grammar grammar;
    private final ByteMatcher at;

    GrammarConstraint(Grammar grammar, ByteMatcher at) {
        this.grammar = grammar;
        this.at = at;
    }

    @Override
    public int vocabulary() {
        return grammar.vocabulary().size();
    }

    @Override
    public void mask(TokenSet allowed) {
        grammar.mask(at, allowed);
    }

    @Override
    public void accept(int token) {
        byte[] bytes = grammar.vocabulary().bytes(token);
        if (bytes.length == 0 || !at.accept(bytes)) {
            throw new IllegalArgumentException(
                    "Token " + token + " is not allowed here: the mask does not hold it.");
        }
    }

    @Override
    public int[] completion() {
        return grammar.vocabulary().tokens(at.completion());
    }

    @Override
    public int[] completionAfter(int token) {
        ByteMatcher after = at.copy();
        if (!after.accept(grammar.vocabulary().bytes(token))) {
            throw new IllegalArgumentException("Token " + token + " is not allowed here.");
        }
        return grammar.vocabulary().tokens(after.completion());
    }

    @Override
    public boolean mayEnd() {
        return at.mayEnd();
    }
}
