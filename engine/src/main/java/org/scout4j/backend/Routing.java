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
}
