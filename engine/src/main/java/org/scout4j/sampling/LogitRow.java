package org.scout4j.sampling;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The logits of one position over the whole vocabulary, and the working storage to choose a token
 * from them. One instance serves all sequences of an engine, one after the other: about 24 bytes a
 * token id, allocated once.
 *
 * <p>Life of a row: {@link #load}, changes of single logits, {@link #collectCandidates} (tokens
 * that are not −∞, in id order), filters that only ever remove candidates, {@link #draw}. Every sum
 * runs in id order in double precision, so that the outcome depends on the numbers alone.
 */
public final class LogitRow {
    private final float[] logits;

    /** Ids of the candidates, ascending; the first {@link #count} count. */
    private final int[] candidates;

    /** {@code exp((logit − largest) / temperature)} of each candidate, once weighed. */
    private final double[] weights;

    private final long[] keys;
    private final int[] histogram = new int[256];

    private int count;
    private float largest;
    private float temperature;
    private boolean weighed;
    private boolean finite;

    /**
     * @param vocabulary number of token ids
     */
    public LogitRow(int vocabulary) {
        if (vocabulary < 1) {
            throw new IllegalArgumentException("vocabulary " + vocabulary);
        }
        logits = new float[vocabulary];
        candidates = new int[vocabulary];
        weights = new double[vocabulary];
        keys = new long[vocabulary];
    }

    /** Number of token ids. */
    public int vocabulary() {
        return logits.length;
    }

    /**
     * Takes over a row of logits.
     *
     * @param rows float32 in native order, [rows, vocabulary]
     * @param row which of them
     */
    public void load(MemorySegment rows, long row) {
        MemorySegment.copy(
                rows,
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                Math.multiplyExact(row, (long) Float.BYTES * logits.length),
                logits,
                0,
                logits.length);
        loaded();
    }

    /** Takes over a row of logits, [vocabulary]. */
    public void load(float[] row) {
        if (row.length != logits.length) {
            throw new IllegalArgumentException(
                    row.length + " logits for a vocabulary of " + logits.length);
        }
        System.arraycopy(row, 0, logits, 0, row.length);
        loaded();
    }

    private void loaded() {
        float max = Float.NEGATIVE_INFINITY;
        int bad = 0;
        for (float logit : logits) {
            if (logit > max) {
                max = logit;
            } else if (!(logit <= max)) {
                bad++; // NaN compares with nothing
            }
        }
        largest = max;
        finite = bad == 0 && max >= -Float.MAX_VALUE && max <= Float.MAX_VALUE;
        count = 0;
        weighed = false;
    }

    /** Whether the row as loaded has no NaN, no +∞, and at least one value above −∞. */
    public boolean finite() {
        return finite;
    }

    /**
     * @throws NonFiniteLogits unless {@link #finite}
     */
    void requireFinite() {
        if (finite) {
            return;
        }
        for (int token = 0; token < logits.length; token++) {
            if (!(logits[token] < Float.POSITIVE_INFINITY)) {
                throw new NonFiniteLogits("The logit of token " + token + " is " + logits[token]);
            }
        }
        throw new NonFiniteLogits("All logits are -Infinity");
    }

    /** The current logit of a token. */
    public float logit(int token) {
        return logits[token];
    }

    /**
     * Changes the logit of a token; −∞ takes the token out. Before the candidates are collected.
     */
    void logit(int token, float logit) {
        logits[token] = logit;
    }

    /** The largest logit as loaded. */
    float largest() {
        return largest;
    }

    /**
     * The token with the largest logit; lowest id among equals.
     *
     * @throws NonFiniteLogits if all logits are −∞ by now
     */
    int best() {
        int best = 0;
        for (int token = 1; token < logits.length; token++) {
            if (logits[token] > logits[best]) {
                best = token;
            }
        }
        if (logits[best] == Float.NEGATIVE_INFINITY) {
            throw new NonFiniteLogits("No token is left to choose from");
        }
        return best;
    }

    /**
     * Ends the changes of single logits: from here on the row is a set of candidates, all tokens
     * above −∞ at first, that filters narrow.
     *
     * @throws NonFiniteLogits if no token is above −∞
     */
    void collectCandidates(float temperature) {
        float max = Float.NEGATIVE_INFINITY;
        int found = 0;
        for (int token = 0; token < logits.length; token++) {
            float logit = logits[token];
            if (logit > Float.NEGATIVE_INFINITY) {
                candidates[found++] = token;
                max = Math.max(max, logit);
            }
        }
        if (found == 0) {
            throw new NonFiniteLogits("No token is left to choose from");
        }
        this.count = found;
        this.largest = max;
        this.temperature = temperature;
        this.weighed = false;
    }

    /** Number of candidates. */
    int count() {
        return count;
    }

    /** Token id of a candidate; candidates stand in id order. */
    int candidate(int index) {
        return candidates[index];
    }

    /** An integer that orders candidates as their logits do; equal logits, equal ranks. */
    int rank(int index) {
        int bits = Float.floatToRawIntBits(logits[candidates[index]] + 0f); // −0 becomes +0
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** Weight of a candidate in units of the best one's, after {@link #weigh}. */
    double weight(int index) {
        return weights[index];
    }

    /** Computes the candidates' weights if that has not been done. The best token weighs 1. */
    void weigh() {
        if (weighed) {
            return;
        }
        double max = largest;
        double scale = temperature;
        for (int i = 0; i < count; i++) {
            weights[i] = Exponential.of((logits[candidates[i]] - max) / scale);
        }
        weighed = true;
    }

    /** Sum of the candidates' weights, in id order. */
    double totalWeight() {
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        return total;
    }

    /** Scratch of a filter, [vocabulary]. */
    long[] keys() {
        return keys;
    }

    /** Scratch of a filter, [256]. */
    int[] histogram() {
        return histogram;
    }

    /** Moves a candidate, with its weight, to an earlier place; then {@link #truncate}. */
    void move(int from, int to) {
        candidates[to] = candidates[from];
        weights[to] = weights[from];
    }

    /** Leaves the first {@code kept} candidates. */
    void truncate(int kept) {
        count = kept;
    }

    /**
     * The candidate in whose stretch of the cumulated weights {@code uniform} falls: the first one,
     * in id order, where their sum exceeds {@code uniform * total}.
     *
     * @param uniform in [0, 1)
     */
    int draw(double uniform) {
        Objects.checkIndex(0, count);
        weigh();
        double target = uniform * totalWeight();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
            if (sum > target) {
                return candidates[i];
            }
        }
        // uniform * total < total, and the loop has added up exactly total.
        throw new IllegalArgumentException("uniform " + uniform);
    }
}
