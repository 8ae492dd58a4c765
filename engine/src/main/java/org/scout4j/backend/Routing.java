package org.scout4j.backend;

/**
 * The router's choice for the rows of a step: for row r, experts {@code expert[r * perToken + i]}
 * with input scale {@code score[r * perToken + i]}, best first. Reused from step to step.
 */
public final class Routing {
    public final int perToken;
    public final int[] expert;
    public final float[] score;

    /**
     * @param rows largest number of rows in a step
     * @param perToken experts chosen for each row
     */
    public Routing(int rows, int perToken) {
        this.perToken = perToken;
        this.expert = new int[Math.multiplyExact(rows, perToken)];
        this.score = new float[expert.length];
    }

    /**
     * Chooses the experts of a row: those with the largest router logits, the lower index first
     * among equals; the score of each is the sigmoid of its logit (spec "Model" §2.4).
     *
     * @param logits one for each expert, at least {@code perToken}
     */
    public void choose(int row, float[] logits) {
        if (logits.length < perToken) {
            throw new IllegalArgumentException(perToken + " of " + logits.length + " experts");
        }
        for (int i = row * perToken; i < (row + 1) * perToken; i++) {
            int best = -1;
            for (int e = 0; e < logits.length; e++) {
                if (!chosen(row, i, e) && (best < 0 || logits[e] > logits[best])) {
                    best = e;
                }
            }
            expert[i] = best;
            // StrictMath: the same bits on every machine, interpreted or compiled.
            score[i] = (float) (1 / (1 + StrictMath.exp(-logits[best])));
        }
    }

    private boolean chosen(int row, int end, int candidate) {
        for (int i = row * perToken; i < end; i++) {
            if (expert[i] == candidate) {
                return true;
            }
        }
        return false;
    }
}
