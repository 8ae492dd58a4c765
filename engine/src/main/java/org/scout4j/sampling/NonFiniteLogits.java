package org.scout4j.sampling;

/**
 * No token can be chosen from a row of logits: one of them is NaN or +∞, or all are −∞. It concerns
 * the one sequence the row belongs to (spec "Reliability" P-12).
 */
public final class NonFiniteLogits extends RuntimeException {
    private static final long serialVersionUID = 1;

    NonFiniteLogits(String message) {
        super(message);
    }
}
