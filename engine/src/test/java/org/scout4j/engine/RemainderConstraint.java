package org.scout4j.engine;

import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;

/**
 * A constraint that depends on every token before: the next one has the remainder by 3 of their
 * sum. The answer may end after {@code least} tokens and must after {@code most}.
 */
final class RemainderConstraint implements TokenConstraint {
    private final int vocabulary;
    private final int least;
    private final int most;
    private int sum;
    private int accepted;

    RemainderConstraint(int vocabulary, int least, int most) {
        this.vocabulary = vocabulary;
        this.least = least;
        this.most = most;
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    boolean allows(int token) {
        return accepted < most
                && token < vocabulary
                && token != PageCheckingModel.POISON
                && token % 3 == sum % 3;
    }

    @Override
    public void mask(TokenSet allowed) {
        allowed.clear();
        for (int token = 0; token < vocabulary; token++) {
            if (allows(token)) {
                allowed.add(token);
            }
        }
    }

    @Override
    public void accept(int token) {
        if (!allows(token)) {
            throw new IllegalArgumentException("token " + token + " is not allowed");
        }
        sum += token;
        accepted++;
    }

    @Override
    public boolean mayEnd() {
        return accepted >= least;
    }

    /** Always the smallest token that is allowed. */
    @Override
    public int[] completion() {
        return completion(sum, accepted);
    }

    @Override
    public int[] completionAfter(int token) {
        return completion(sum + token, accepted + 1);
    }

    private int[] completion(int sumBefore, int length) {
        int[] tokens = new int[Math.max(0, least - length)];
        int total = sumBefore;
        for (int i = 0; i < tokens.length; i++) {
            int token = total % 3;
            while (token == PageCheckingModel.POISON) {
                token += 3;
            }
            tokens[i] = token;
            total += token;
        }
        return tokens;
    }
}
