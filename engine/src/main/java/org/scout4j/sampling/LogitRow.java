package org.scout4j.sampling;

import java.util.Arrays;

/**
 * The logits of one position over the whole vocabulary, and the working storage to choose a token
 * from them. One instance serves all sequences of an engine, one after the other: about 20 bytes a
 * token id, allocated once.
 *
 * <p>Life of a row: {@link #load}, changes of single logits, {@link #collectCandidates} (tokens
 * that are not −∞, in id order), filters that only ever remove candidates, {@link #draw}.
 *
 * <p>Probabilities are whole numbers: a candidate weighs {@code exp((logit − largest) /
 * temperature)} in units of 2^−44, rounded down, so that the best one weighs 2^44 exactly. Sums of
 * weights are then exact in 64 bits whatever their order, and filters may cut the work as they
 * like. What is less than 2^−44 times as likely as the best token is never drawn.
 */
public final class LogitRow {
    /** The weight of the best candidate. */
    static final long BEST_WEIGHT = 1L << 44;

    /** So many candidates at the best weight still add up in a long. */
    private static final int MOST_TOKENS = 1 << 19;

    private static final int DIGIT_BITS = 8;
    private static final int DIGITS = 1 << DIGIT_BITS;

    private final float[] logits;

    /** Ids of the candidates, ascending; the first {@link #count} count. */
    private final int[] candidates;

    private final long[] weights;
    private int count;
    private float largest;
    private float temperature;
    private boolean weighed;
    private long total;
    private boolean finite;

    // Scratch of keepBest.
    private final int[] undecided;
    private final long[] histogram = new long[DIGITS];

    /**
     * Allocates a row.
     *
     * @param vocabulary number of token ids, below 2^19
     */
    public LogitRow(int vocabulary) {
        if (vocabulary < 1 || vocabulary >= MOST_TOKENS) {
            throw new IllegalArgumentException("vocabulary " + vocabulary);
        }
        logits = new float[vocabulary];
        candidates = new int[vocabulary];
        weights = new long[vocabulary];
        undecided = new int[vocabulary];
    }

    /** Number of token ids. */
    public int vocabulary() {
        return logits.length;
    }

    /** Takes over the model's logits of one position, [vocabulary]. */
    public void load(float[] row) {
        if (row.length != logits.length) {
            throw new IllegalArgumentException(
                    row.length + " logits for a vocabulary of " + logits.length);
        }
        System.arraycopy(row, 0, logits, 0, row.length);
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
     * Ends the work on a broken row.
     *
     * @throws NonFiniteLogits unless {@link #finite}
     */
    public void requireFinite() {
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

    /**
     * Takes out all tokens that are not in a set. Before the candidates are collected.
     *
     * @param allowed 64 ids a word, lowest id in the lowest bit; ids beyond it are taken out
     */
    void keepOnly(long[] allowed) {
        for (int first = 0; first < logits.length; first += Long.SIZE) {
            int word = first >>> 6;
            long out = word < allowed.length ? ~allowed[word] : -1L;
            while (out != 0) {
                int token = first + Long.numberOfTrailingZeros(out);
                if (token >= logits.length) {
                    break;
                }
                logits[token] = Float.NEGATIVE_INFINITY;
                out &= out - 1;
            }
        }
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

    /** Sum of the candidates' weights. */
    long totalWeight() {
        weigh();
        return total;
    }

    private void weigh() {
        if (weighed) {
            return;
        }
        double max = largest;
        double scale = temperature;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            // In double precision from the distance to the best: any temperature above 0 will do.
            double share = Exponential.of((logits[candidates[i]] - max) / scale);
            weights[i] = (long) (share * BEST_WEIGHT);
            sum += weights[i];
        }
        total = sum;
        weighed = true;
    }

    /** Keeps the candidates that weigh at least {@code least}. */
    void keepWeightsFrom(double least) {
        weigh();
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= least) {
                move(i, kept++);
            }
        }
        truncate(kept);
    }

    /**
     * Keeps the {@code wanted} candidates with the largest logits, lower ids first among equals.
     *
     * @param wanted at least 1
     */
    void keepBest(int wanted) {
        if (wanted < count) {
            keepBest(wanted, false);
        }
    }

    /**
     * Keeps the smallest set whose weights reach {@code wanted}, taking the largest logits first
     * and lower ids first among equals.
     *
     * @param wanted from 1 to {@link #totalWeight}
     */
    void keepBestWeighing(long wanted) {
        weigh();
        keepBest(wanted, true);
    }

    /**
     * Finds the rank of the last candidate that is needed by radix selection: digit by digit from
     * the top, among the candidates that share the digits found so far. Linear whatever the logits
     * are (at worst 5 ms for 202,048 ids, where a sort took 23).
     */
    private void keepBest(long wanted, boolean weighted) {
        for (int i = 0; i < count; i++) {
            undecided[i] = i;
        }
        int open = count;
        int border = 0;
        long missing = wanted;
        for (int shift = Integer.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            Arrays.fill(histogram, 0);
            for (int j = 0; j < open; j++) {
                int i = undecided[j];
                histogram[digit(rank(i), shift)] += weighted ? weights[i] : 1;
            }
            int digit = DIGITS - 1;
            while (histogram[digit] < missing) {
                missing -= histogram[digit--];
            }
            int left = 0;
            for (int j = 0; j < open; j++) {
                if (digit(rank(undecided[j]), shift) == digit) {
                    undecided[left++] = undecided[j];
                }
            }
            open = left;
            border |= digit << shift;
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int order = Integer.compareUnsigned(rank(i), border);
            if (order == 0 && missing > 0) {
                missing -= weighted ? weights[i] : 1;
                move(i, kept++);
            } else if (order > 0) {
                move(i, kept++);
            }
        }
        truncate(kept);
    }

    /** An unsigned integer that orders candidates as their logits do; equal logits, equal ranks. */
    private int rank(int index) {
        int bits = Float.floatToRawIntBits(logits[candidates[index]] + 0f); // −0 becomes +0
        return bits ^ ((bits >> 31) | Integer.MIN_VALUE);
    }

    private static int digit(int rank, int shift) {
        return (rank >>> shift) & (DIGITS - 1);
    }

    private void move(int from, int to) {
        candidates[to] = candidates[from];
        weights[to] = weights[from];
    }

    private void truncate(int kept) {
        count = kept;
        if (weighed) {
            long sum = 0;
            for (int i = 0; i < kept; i++) {
                sum += weights[i];
            }
            total = sum;
        }
    }

    /**
     * Draws a candidate with a probability in proportion to its weight: the first one, in id order,
     * where the sum of weights exceeds {@code total * bits / 2^64}.
     *
     * @param bits 64 random bits
     */
    int draw(long bits) {
        long target = Math.unsignedMultiplyHigh(bits, totalWeight());
        int index = 0;
        long sum = weights[0];
        while (sum <= target) {
            sum += weights[++index];
        }
        return candidates[index];
    }
}
